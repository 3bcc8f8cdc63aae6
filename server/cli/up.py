"""`coach up` and `coach down`."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from server.cli.errors import CommandError
from server.cli.terminal import TerminalReporter
from server.local.detach import start_detached
from server.local.down import end_system
from server.local.home import Home
from server.local.system import UpOptions, run_system
from server.settings.environment import environment

app = typer.Typer()

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Where data, logs and state are kept.", show_default="COACH_HOME, or .coach"),
]


class CoachChoice(StrEnum):
    """Who coaches in the system that is started."""

    OFFLINE = "offline"
    OPENAI = "openai"
    SCRIPTED = "scripted"


@app.command()
def up(
    file: Annotated[
        Path | None, typer.Argument(help="The session that --coach scripted plays (YAML or JSON).")
    ] = None,
    *,
    coach: Annotated[
        CoachChoice | None,
        typer.Option(help="Who coaches; scripted plays a recorded session.", show_default="COACH_PROVIDER"),
    ] = None,
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="The web server's port; 0 takes a free one.")] = 8000,
    flower_port: Annotated[int, typer.Option(help="Flower's port; 0 takes a free one.")] = 5555,
    workers: Annotated[
        int | None, typer.Option(help="How many workers to run.", show_default="one a processor, at least 2")
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when everything runs, and leave it running.")
    ] = False,
) -> None:
    """Start the whole system and keep it running until Ctrl-C.

    That is PostgreSQL, Redis, the web server, workers, the relay and Flower.
    Where DATABASE_URL or REDIS_URL is set, that server is used and none is started.
    """
    place = Home.locate(home)
    count = max(2, os.cpu_count() or 1) if workers is None else workers
    os.environ["COACH_HOME"] = str(place.path)
    _choose_coach(coach, file)
    checked = environment()
    reporter = TerminalReporter()
    if detach:
        arguments = ["--home", place.path, "--port", port, "--flower-port", flower_port, "--workers", count]
        arguments += ["--coach", coach.value, *([file.resolve()] if file else [])] if coach else []
        start_detached(place, [str(argument) for argument in arguments], reporter.say)
        return
    options = UpOptions(
        home=place,
        port=port,
        flower_port=flower_port,
        workers=count,
        # From the environment itself: what a home's run.json says is no server of somebody else's.
        database_url=os.environ.get("DATABASE_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
        flower_login=checked.flower_basic_auth,
        recorded=file,
    )
    try:
        run_system(options, reporter)
    finally:
        reporter.close()


def _choose_coach(coach: CoachChoice | None, file: Path | None) -> None:
    """Have the environment say who coaches. Raises CommandError where the file and the choice do not go together."""
    if coach is CoachChoice.SCRIPTED and file is None:
        raise CommandError("--coach scripted needs the file of a session: coach up --coach scripted FILE.")
    if coach is not CoachChoice.SCRIPTED and file is not None:
        raise CommandError(
            f"{str(file)!r} is played by --coach scripted only: coach up --coach scripted FILE."
        )
    match coach:
        case None:
            return
        case CoachChoice.SCRIPTED:
            os.environ["COACH_PROVIDER"] = (
                "offline"  # here; the roles are told of the stand-in once it has a port
            )
        case chosen:
            os.environ["COACH_PROVIDER"] = chosen.value


@app.command()
def down(home: HomeOption = None) -> None:
    """End the system that runs in this home: everything that was started, and nothing else."""
    place = Home.locate(home)
    match end_system(place):
        case None:
            typer.echo(f"Nothing runs in {place.path}.")
        case int(supervisor):
            typer.echo(f"Ended the system in {place.path} (pid {supervisor}).")
        case leftovers:
            roles = ", ".join(f"{record.role} (pid {record.pid})" for record in leftovers)
            typer.echo(f"Ended what a killed `coach up` had left: {roles}.")
