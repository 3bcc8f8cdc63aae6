"""`coach actions`: list, show, retry, cancel."""

import getpass
import os
from collections.abc import Sequence
from typing import Annotated, Protocol

import typer
from pydantic import TypeAdapter

from server.api.schemas import AdminAction
from server.apps.actions.models import Action
from server.apps.actions.queries import Moved
from server.cli.action_ids import action_named, short
from server.cli.action_page import page, page_json
from server.cli.database import database
from server.cli.errors import CommandError, DidNotHoldError
from server.cli.tables import Row, one_line, print_table
from server.cli.times import ago
from server.cli.users import user_of
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.services.action_queue.operate import NotPossible
from server.services.action_queue.operate import cancel as cancel_action
from server.services.action_queue.operate import retry as retry_action

app = typer.Typer()
actions = typer.Typer(help="List, show, retry and cancel actions.", no_args_is_help=True)
app.add_typer(actions, name="actions")

LISTED = TypeAdapter(list[AdminAction])
RETRIED_TOGETHER = (ActionStatus.DEAD, ActionStatus.REJECTED, ActionStatus.CANCELLED)

Ids = Annotated[
    list[str], typer.Argument(metavar="ID", help="Ids of actions, or their first 8 characters or more.")
]
EmailOption = Annotated[str | None, typer.Option(help="Only this user's.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _action_type(text: str) -> ActionType:
    """The type of that name, or of that old one."""
    try:
        return ActionType(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no action: it is one of {', '.join(ActionType)}.") from error


class Verb(Protocol):
    """What an operator may do to an action."""

    def __call__(self, action: Action, *, operator: str) -> Moved: ...


@actions.command("list")
def list_actions(
    email: EmailOption = None,
    status: Annotated[
        ActionStatus | None,
        typer.Option(metavar="STATUS", help=f"Only those that are {', '.join(ActionStatus)}."),
    ] = None,
    action_type: Annotated[
        ActionType | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            parser=_action_type,
            help="Only those of this type, create_identity for example.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List actions, newest first."""
    with database():
        chosen = Action.objects.newest_first().select_related("user")
        if email is not None:
            chosen = chosen.filter(user=user_of(email))
        if status is not None:
            chosen = chosen.filter(status=status)
        if action_type is not None:
            chosen = chosen.of_type(action_type)
        found = list(chosen[: limit + 1])
    shown, more = found[:limit], len(found) > limit
    if as_json:
        typer.echo(LISTED.dump_json([AdminAction.of(action) for action in shown], indent=2))
    else:
        _show_list(shown, with_user=email is None)
        if more:
            typer.echo(f"There are more: see them with --limit {limit * 5}.", err=True)


@actions.command()
def show(
    action_id: Annotated[
        str, typer.Argument(metavar="ID", help="The action's id, or its first 8 characters or more.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Show everything about one action.

    What was asked, what became of it, when, what went wrong, and which operator stepped in.
    """
    with database():
        action = action_named(action_id)
        typer.echo(page_json(action) if as_json else page(action))


@actions.command()
def retry(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Ids of actions, or their first 8 characters or more."),
    ] = None,
    status: Annotated[
        ActionStatus | None,
        typer.Option(metavar="STATUS", help="Instead of ids: all that are dead, rejected or cancelled."),
    ] = None,
    email: Annotated[str | None, typer.Option(help="With --status: only this user's.")] = None,
) -> None:
    """Queue ended actions again, each in its old place in its user's lane.

    The exit code is 1 where one was refused.
    """
    with database():
        chosen = _chosen(ids or [], status, email)
        if not chosen:
            typer.echo("There is no such action: nothing to retry.")
        _operate(chosen, retry_action, "is queued again")


@actions.command()
def cancel(ids: Ids) -> None:
    """Take waiting actions out of their user's lane, which goes on.

    The exit code is 1 where one was refused.
    """
    with database():
        _operate([action_named(text) for text in ids], cancel_action, "is cancelled")


def _chosen(ids: Sequence[str], status: ActionStatus | None, email: str | None) -> list[Action]:
    if bool(ids) == (status is not None):
        raise CommandError("Say which actions: give their ids, or --status dead (one of the two).")
    if status is None:
        if email is not None:
            raise CommandError("--email goes with --status; an id names its action alone.")
        return [action_named(text) for text in ids]
    if status not in RETRIED_TOGETHER:
        allowed = ", ".join(RETRIED_TOGETHER)
        raise CommandError(
            f"--status {status} cannot be retried all at once: choose one of {allowed}, or give ids."
        )
    chosen = Action.objects.filter(status=status).order_by("seq")
    return list(chosen if email is None else chosen.filter(user=user_of(email)))


def _operate(chosen: Sequence[Action], verb: Verb, done: str) -> None:
    refused = 0
    for action in chosen:
        try:
            verb(action, operator=_operator())
        except NotPossible as refusal:
            refused += 1
            typer.echo(f"refused  {refusal}")
        else:
            typer.echo(f"done     The action {action.id} ({action.action_type}) {done}.")
    if refused:
        raise DidNotHoldError(f"{refused} of {len(chosen)} refused: the reasons are above.")


def _operator() -> str:
    """Who is at the terminal, for the audit."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):  # a container's user may have no name
        return f"cli:{os.getuid()}"


def _show_list(shown: Sequence[Action], *, with_user: bool) -> None:
    if not shown:
        typer.echo("No action was found.")
        return
    user = ("user",) if with_user else ()
    header = Row(("id", "action", "status", "attempt", "queued", *user), "outcome")
    print_table(header, [_row(action, with_user=with_user) for action in shown])


def _row(action: Action, *, with_user: bool) -> Row:
    user = (one_line(action.user.email),) if with_user else ()
    attempt = f"{action.attempt}/{action.max_attempts}"
    cells = (
        short(action.id),
        str(action.action_type),
        str(action.status),
        attempt,
        ago(action.queued_at),
        *user,
    )
    return Row(cells, action.result_summary or action.error_message)
