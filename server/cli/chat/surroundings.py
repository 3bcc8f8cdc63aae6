"""What a conversation needs beside the coach: a relay, and workers who apply the actions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.cli.who_coaches import who_coaches
from server.enums.action_status import ActionStatus
from server.local.home import Home
from server.local.run_state import RunState
from server.settings.environment import environment

RELAY_SILENCE_S = 10.0
TAKEN_UP_S = 3.0
NO_WORKER = (
    "No worker seems to run: messages are answered, and the actions wait. "
    "`coach up` starts everything, `coach worker` one worker."
)
NO_RELAY = (
    "No relay runs: an action that must be sent or tried again waits. "
    "`coach up` starts everything, `coach relay` the relay."
)
PARKED = "An action waits for a newer version of the worker, and those after it wait with it."


def notices(user: User) -> Iterator[str]:
    """What a person should know before they begin."""
    coach = who_coaches(environment())
    yield f"Answering: {coach.name}."
    if coach.mend:
        yield coach.mend
    if not _relay_runs():
        yield NO_RELAY
    if _no_worker_here() or why_it_waits(user) == NO_WORKER:
        yield NO_WORKER


def why_it_waits(user: User) -> str:
    """Why the user's actions do not get on; empty where they do, or soon will."""
    head = Action.objects.filter(user=user).open().order_by("seq").first()
    if head is None:
        return ""
    if head.status == ActionStatus.PARKED:
        return PARKED
    waiting = head.status == ActionStatus.QUEUED
    overdue = database_now() - max(head.due_at, _end_before(head))
    return NO_WORKER if waiting and overdue > timedelta(seconds=TAKEN_UP_S) else ""


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
