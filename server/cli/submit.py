"""`coach submit`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import BaseModel

from server.api import schemas
from server.apps.actions.models import Action
from server.cli.database import database
from server.cli.errors import DidNotHoldError
from server.cli.follow import fetch, follow
from server.cli.response_file import read_responses
from server.cli.submission import Submission, store
from server.cli.tables import Row, print_table
from server.cli.times import duration, time_between
from server.cli.users import user_of
from server.enums.action_status import ActionStatus

app = typer.Typer()

GOOD = {ActionStatus.SUCCEEDED, ActionStatus.SKIPPED}
HEADER = Row(("#", "action", "status", "attempt", "time"), "outcome")


class SubmittedResponse(BaseModel):
    """One response of the file, as `--json` prints it; `stored_before` by a submission with the same key."""

    coach_message_id: UUID
    stored_before: bool
    actions: list[schemas.Action]


class Submitted(BaseModel):
    """What `--json` prints."""

    responses: list[SubmittedResponse]


@app.command()
def submit(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CoachChatResponse as JSON, or JSON Lines of them; - is standard input."
        ),
    ],
    email: Annotated[str, typer.Option(help="The user whose state the actions change.")],
    idempotency_key: Annotated[
        str | None,
        typer.Option(
            help="Names this submission: submitted again with the same key, nothing is stored twice."
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Follow the actions, and show what became of each.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=0, help="With --wait: how many seconds to follow at most.")
    ] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Store structured responses for a user, and apply their actions, in order.

    The whole file is checked before anything is stored.

    With --wait the exit code is 1 where an action is rejected, dead or cancelled, or has not ended in time.
    """
    responses = read_responses(file)
    with database():
        submission = store(user_of(email), responses, idempotency_key)
        actions = follow(submission.action_ids, timeout) if wait else fetch(submission.action_ids)
    if as_json:
        typer.echo(_json(submission, actions))
    elif wait:
        _show_outcomes(submission, actions)
    else:
        _show_stored(submission)
    if wait:
        _judge(submission, actions, timeout)


def _show_stored(submission: Submission) -> None:
    new = [response for response in submission.responses if not response.before]
    actions = sum(len(response.action_ids) for response in new)
    email = submission.user.email
    typer.echo(f"Stored {_count(len(new), 'response')} with {_count(actions, 'action')} for {email}.")
    if before := len(submission.responses) - len(new):
        typer.echo(f"{_count(before, 'response')} had been stored before, with the same key.")
    typer.echo(f"Follow the actions with `coach actions list --email {email}`.")


def _show_outcomes(submission: Submission, actions: Sequence[Action]) -> None:
    if actions:
        print_table(HEADER, [_outcome(number, action) for number, action in enumerate(actions, start=1)])
    responses = _count(len(submission.responses), "response")
    counts = f": {_tally(actions)}" if actions else ""
    typer.echo(f"{_count(len(actions), 'action')} of {responses}{counts}{_time_taken(actions)}.")


def _outcome(number: int, action: Action) -> Row:
    took = time_between(action.started_at, action.finished_at)
    attempt = f"{action.attempt}/{action.max_attempts}"
    return Row(
        (str(number), str(action.action_type), str(action.status), attempt, took), action.result_summary
    )


def _time_taken(actions: Sequence[Action]) -> str:
    ends = [action.finished_at for action in actions if action.finished_at]
    if not ends or len(ends) < len(actions):
        return ""
    return f", in {duration(max(ends) - min(action.queued_at for action in actions))}"


def _judge(submission: Submission, actions: Sequence[Action], timeout_s: float) -> None:
    """Raise `DidNotHoldError` where not every action succeeded or had nothing to do."""
    email = submission.user.email
    still_open = [action for action in actions if action.finished_at is None]
    if still_open:
        raise DidNotHoldError(
            f"After {timeout_s:g} s {len(still_open)} of {_count(len(actions), 'action')} had not ended "
            f"({_tally(still_open)}): look again with `coach actions list --email {email}`; "
            "`coach status` says whether a worker runs."
        )
    failed = [action for action in actions if action.status not in GOOD]
    if failed:
        raise DidNotHoldError(
            f"{len(failed)} of {_count(len(actions), 'action')} did not succeed ({_tally(failed)}): "
            f"`coach actions list --email {email}` has their ids, `coach actions show ID` says all."
        )


def _tally(actions: Iterable[Action]) -> str:
    counts = Counter(str(action.status) for action in actions)
    return ", ".join(f"{counts[status]} {status}" for status in ActionStatus if status in counts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _json(submission: Submission, actions: Sequence[Action]) -> str:
    by_id = {action.id: schemas.Action.of(action) for action in actions}
    responses = [
        SubmittedResponse(
            coach_message_id=response.message_id,
            stored_before=response.before,
            actions=[by_id[action_id] for action_id in response.action_ids if action_id in by_id],
        )
        for response in submission.responses
    ]
    return Submitted(responses=responses).model_dump_json(indent=2)
