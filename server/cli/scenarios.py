"""`coach scenario`."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.errors import CommandError
from server.cli.new_file import write_new
from server.services.scenario_replay.importing import Imported, import_older
from server.services.scenario_replay.reading import Faults
from server.services.scenario_replay.writing import to_json

app = typer.Typer()
scenario = typer.Typer(help="Work on scenario files.", no_args_is_help=True)
app.add_typer(scenario, name="scenario")


@scenario.callback()
def scenario_commands() -> None:
    """Work on scenario files."""


@scenario.command("import")
def import_scenario(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario of the older shape.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="A new file to write.", show_default="standard output"
        ),
    ] = None,
) -> None:
    """Make a scenario of a file with the sections user, coach_state, identities, chat_messages, user_notes and actions.

    Where its actions made all that it has, they become turns, and what it has is expected; where not, it is what
    the scenario begins with, and the reason is told.
    """
    try:
        imported = import_older(file)
    except Faults as faults:
        raise CommandError("\n".join(faults.lines)) from faults
    write_new(to_json(imported.scenario), output)
    typer.echo(_told(imported), err=True)


def _told(imported: Imported) -> str:
    if imported.why_unplayed:
        return (
            f"Its actions are not played ({imported.why_unplayed}): the scenario begins with what they came to. "
            "Add turns, and what should come of them."
        )
    turns = len(imported.scenario.turns)
    return f"Its {imported.scenario.actions} actions are played in {turns} turns, from the beginning."
