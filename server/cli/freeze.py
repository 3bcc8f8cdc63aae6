"""`coach freeze`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from server.cli.database import database
from server.cli.errors import CommandError
from server.cli.new_file import write_new
from server.cli.replay_output import value_text
from server.cli.users import user_of
from server.services.scenario_replay.freezing import Frozen, freeze
from server.services.scenario_replay.library import NameTaken, TooLarge, add_scenario, text_of
from server.services.scenario_replay.recording import NotRecordable

app = typer.Typer()

MOST_DIFFERENCES = 5


@app.command("freeze")
def freeze_conversation(
    email: Annotated[str, typer.Option(help="The user whose conversation it is.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="A new file to write.", show_default="standard output"
        ),
    ] = None,
    real_names: Annotated[
        bool, typer.Option("--real-names", help="Keep what was written as it is: no pseudonyms.")
    ] = False,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="What the scenario is called.",
            show_default="a name of its own for each user",
        ),
    ] = None,
    to_library: Annotated[
        bool, typer.Option("--library", help="Keep it for the staff pages, and print its id; no file.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --library: put it in the place of one of the same name.")
    ] = False,
) -> None:
    """Make a scenario of a user's conversation, from its beginning or last reset on; what they have now is expected.

    Every word that somebody wrote becomes another one, the same for the same. Nothing of the user is changed.
    """
    if to_library and output is not None:
        raise CommandError("--library and --output do not go together: leave one out.")
    if replace and not to_library:
        raise CommandError("--replace goes with --library: a file is never overwritten.")
    with database():
        user = user_of(email)
        try:
            if to_library:
                row, frozen = freeze_into_library(user, name=name, real_names=real_names, replace=replace)
                typer.echo(str(row.id))
            else:
                frozen = freeze(user, pseudonyms=not real_names, name=name)
                write_new(text_of(frozen.scenario), output)
        except NameTaken as error:
            raise CommandError(f"{error} (--replace, or --name)") from error
        except (NotRecordable, TooLarge) as error:
            raise CommandError(str(error)) from error
    scenario = frozen.scenario
    typer.echo(f"{_count(len(scenario.turns), 'turn')} with {_count(scenario.actions, 'action')}.", err=True)
    for line in remarks_of(frozen):
        typer.echo(line, err=True)


def freeze_into_library(
    user: User, *, name: str | None, real_names: bool, replace: bool, added_by: str = ""
) -> tuple[TestScenario, Frozen]:
    """Keep a user's conversation as a scenario. Raises `NotRecordable`, `TooLarge` and `NameTaken`."""
    frozen = freeze(user, pseudonyms=not real_names, name=name)
    text_of(frozen.scenario)  # it can be had as a file, too
    return add_scenario(frozen.scenario, added_by=added_by, replace=replace).row, frozen


def remarks_of(frozen: Frozen) -> Iterator[str]:
    """What somebody should know of it, a line each."""
    yield from frozen.remarks
    if frozen.differences:
        count = _count(len(frozen.differences), "place")
        yield f"This version makes something else of it, in {count}:"
    for one in frozen.differences[:MOST_DIFFERENCES]:
        yield f"  {one.place}: expected {value_text(one.expected)}, got {value_text(one.got)}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
