"""What a conversation needs beside the coach: a relay, and workers who apply the actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from server.apps.actions.models import RELAY_SILENCE_S, Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.cli.who_coaches import who_coaches
from server.enums.action_status import ActionStatus
from server.local.home import Home
from server.local.run_state import RunState
from server.settings.environment import environment

TAKEN_UP_S = 3.0
WORTH_WAITING_S = 5.0


class Why(Enum):
    """Why actions wait for longer than it is worth to look on, in words for whoever looks."""

    NO_WORKER = (
        "No worker seems to run: messages are answered, and the actions wait. "
        "`coach up` starts everything, `coach worker` one worker."
    )
    NO_RELAY = (
        "No relay runs: an action that must be sent or tried again waits. "
        "`coach up` starts everything, `coach relay` the relay."
    )
    PARKED = "An action waits for a newer version of the worker, and those after it wait with it."
    RETRIES = "An action did not work just now, and is tried again at {until:%H:%M:%S}; those after it wait with it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """That a lane waits; `until` is when it goes on, where that is known."""

    why: Why
    until: datetime | None = None

    @property
    def sentence(self) -> str:
        return self.why.value.format(until=self.until.astimezone() if self.until else "")


def notices(user: User) -> Iterator[str]:
    """What a person should know before they begin."""
    coach = who_coaches(environment())
    yield f"Answering: {coach.name}."
    if coach.mend:
        yield coach.mend
    wait = long_wait(user)
    found = {wait.why} if wait else set()
    if not _relay_runs():
        found.add(Why.NO_RELAY)
    if _no_worker_here():
        found.add(Why.NO_WORKER)
    for why in (Why.NO_RELAY, Why.NO_WORKER):
        if why in found:
            yield why.value


def long_wait(user: User) -> Wait | None:
    """Why the user's actions do not get on; None where they do, or soon will."""
    head = Action.objects.filter(user=user).open().order_by("seq").first()
    if head is None or head.status == ActionStatus.RUNNING:
        return None
    if head.status == ActionStatus.PARKED:
        return Wait(why=Why.PARKED)
    if head.status == ActionStatus.RETRYING:
        return _wait_for_retry(head)
    return _wait_to_be_taken_up(max(head.due_at, _end_before(head)))


def _wait_for_retry(head: Action) -> Wait | None:
    """A retry is sent by the relay, and by nobody else."""
    if not _relay_runs():
        return Wait(why=Why.NO_RELAY)
    if head.due_at - database_now() > timedelta(seconds=WORTH_WAITING_S):
        return Wait(why=Why.RETRIES, until=head.due_at)
    return _wait_to_be_taken_up(head.due_at)


def _wait_to_be_taken_up(due_at: datetime) -> Wait | None:
    if database_now() - due_at <= timedelta(seconds=TAKEN_UP_S):
        return None
    return Wait(why=Why.NO_WORKER if _relay_runs() else Why.NO_RELAY)


def _end_before(action: Action) -> datetime:
    """When the lane was free for the action."""
    ended = Action.objects.filter(user=action.user_id, seq__lt=action.seq, finished_at__isnull=False)
    return ended.order_by("-seq").values_list("finished_at", flat=True).first() or action.queued_at


def _relay_runs() -> bool:
    beat = Heartbeat.objects.filter(role="relay").first()
    return beat is not None and database_now() - beat.beat_at <= timedelta(seconds=RELAY_SILENCE_S)


def _no_worker_here() -> bool:
    """Whether a system runs in this home without a worker, and its database is the one in use."""
    state = RunState.read(Home.locate())
    if state is None or state.database_url != environment().database_url:
        return False
    roles = [record.role for record in state.living()]
    return "web" in roles and not any(role.startswith("worker") for role in roles)
