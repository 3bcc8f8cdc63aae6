"""`coach replay --user`: how a real user would stand if this version had applied what is stored."""

from collections.abc import Sequence

import typer

from server.cli.database import database
from server.cli.errors import CommandError, DidNotHoldError
from server.cli.replay_output import value_text
from server.cli.tables import Row, print_table
from server.cli.users import user_of
from server.services.scenario_replay.recording import NotRecordable
from server.services.scenario_replay.what_if import NoSuchMessage, Otherwise, WhatIf, what_if

OPTIONS = {"user": "--user", "from_message": "--from", "dry_run": "--dry-run"}
HEADER = Row(("what", "by"), "now → would be")


def is_asked_for(context: typer.Context) -> bool:
    """Whether the command is about a user. Raises `CommandError` where it is about other things too."""
    given = {name for name in context.params if _is_given(context, name)}
    asked = given & OPTIONS.keys()
    if not asked:
        return False
    if "user" not in asked:
        raise CommandError(f"{OPTIONS[min(asked)]} goes with --user: name the user whose conversation it is.")
    if "dry_run" not in asked:
        raise CommandError(
            "Add --dry-run: a real user's conversation can be tried again, and is never applied again."
        )
    if others := given - asked:
        raise CommandError(
            f"--user goes with --from and --dry-run alone: leave {_named(context, others)} out."
        )
    return True


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def show_what_if(email: str, from_message: str | None) -> None:
    """Show it. Raises `DidNotHoldError` where something would be otherwise."""
    with database():
        try:
            found = what_if(user_of(email), from_message)
        except (NoSuchMessage, NotRecordable) as error:
            raise CommandError(str(error)) from error
    for remark in found.remarks:
        typer.echo(remark, err=True)
    if found.before:
        typer.echo("Before that message already, this version makes something else of it:")
        _print(found.before)
        typer.echo()
    if not found.otherwise:
        typer.echo(f"{_actions(found)} played again: everything would be as it is.")
        return
    _print(found.otherwise)
    count = len(found.otherwise)
    values = "1 value" if count == 1 else f"{count:,} values"
    raise DidNotHoldError(f"{_actions(found)} played again: {values} would be otherwise.")


def _print(rows: Sequence[Otherwise]) -> None:
    print_table(
        HEADER,
        [
            Row((row.place, row.by or ""), f"{value_text(row.now)} → {value_text(row.would_be)}")
            for row in rows
        ],
    )


def _actions(found: WhatIf) -> str:
    return "1 action" if found.actions == 1 else f"{found.actions:,} actions"


def _named(context: typer.Context, names: set[str]) -> str:
    of_the_command = {str(one.name): one.opts[-1] for one in context.command.params}
    shown = sorted("PATH" if name == "paths" else of_the_command[name] for name in names)
    return ", ".join(shown)
