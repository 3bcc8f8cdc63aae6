"""`coach freeze`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from server.cli.database import database
from server.cli.errors import CommandError
from server.cli.new_file import write_new
from server.cli.users import user_of
from server.services.scenario_replay.freezing import Frozen, freeze
from server.services.scenario_replay.library import NameTaken, add_scenario
from server.services.scenario_replay.reading import MOST_BYTES
from server.services.scenario_replay.recording import NotRecordable
from server.services.scenario_replay.scenario import Scenario
from server.services.scenario_replay.writing import to_json

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
    added_by: Annotated[str, typer.Option(metavar="EMAIL", hidden=True)] = "",
) -> None:
    """Make a scenario of a user's conversation, from its beginning or last reset on; what they have now is expected.

    Every word that somebody wrote becomes another one, the same for the same. Nothing of the user is changed.
    """
    if to_library and output is not None:
        raise CommandError("--library and --output do not go together: leave one out.")
    with database():
        user = user_of(email)
        try:
            frozen = freeze(user, pseudonyms=not real_names, name=name)
        except NotRecordable as error:
            raise CommandError(str(error)) from error
        if to_library:
            typer.echo(str(_added(frozen.scenario, added_by)))
    if not to_library:
        write_new(_text(frozen.scenario), output)
    for line in _told(frozen):
        typer.echo(line, err=True)


def _added(scenario: Scenario, added_by: str) -> UUID:
    try:
        return add_scenario(scenario, added_by=added_by).row.id
    except NameTaken as error:
        raise CommandError(str(error)) from error


def _text(scenario: Scenario) -> str:
    text = to_json(scenario)
    if len(text.encode()) > MOST_BYTES:
        raise CommandError(
            f"It would be a file of over {MOST_BYTES:,} bytes, which `coach replay` does not read."
        )
    return text


def _told(frozen: Frozen) -> Iterator[str]:
    turns = len(frozen.scenario.turns)
    yield f"{_count(turns, 'turn')} with {_count(frozen.scenario.actions, 'action')}."
    yield from frozen.remarks
    if frozen.differences:
        count = _count(len(frozen.differences), "place")
        yield f"This version makes something else of it, in {count}:"
    for one in frozen.differences[:MOST_DIFFERENCES]:
        expected, got = (json.dumps(value, ensure_ascii=False) for value in (one.expected, one.got))
        yield f"  {one.place}: expected {expected}, got {got}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
