"""`coach scenario`."""

from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction

from server.cli.database import database
from server.cli.errors import CommandError
from server.cli.new_file import write_new
from server.services.scenario_replay.importing import Imported, import_older
from server.services.scenario_replay.library import NameTaken, add_scenario
from server.services.scenario_replay.loading import ScenarioErrors, load
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
        raise CommandError(*faults.lines) from faults
    write_new(to_json(imported.scenario), output)
    typer.echo(_told(imported), err=True)


@scenario.command("add")
def add_to_library(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Scenario files, or directories of them.")
    ],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put them in the place of those of the same name.")
    ] = False,
) -> None:
    """Keep scenarios in the library of the staff pages, all of them or none."""
    try:
        loaded = load(paths)
    except ScenarioErrors as errors:
        raise CommandError(*errors.lines) from errors
    with database(), transaction.atomic():
        for one in loaded:
            try:
                added = add_scenario(one.scenario, added_by="", replace=replace)
            except NameTaken as error:
                raise CommandError(f"{one.path}: {error}") from error
            typer.echo(f"{'replaced' if added.has_replaced else 'added'} {one.scenario.name}")


def _told(imported: Imported) -> str:
    if imported.why_unplayed:
        return (
            f"Its actions are not played ({imported.why_unplayed}): the scenario begins with what they came to. "
            "Add turns, and what should come of them."
        )
    turns = len(imported.scenario.turns)
    return f"Its {imported.scenario.actions} actions are played in {turns} turns, from the beginning."
