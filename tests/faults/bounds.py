"""R7: a committed action starts within five seconds of broker and a worker being up."""

import os
from datetime import datetime
from typing import Any

from server.apps.actions.models import Action
from server.apps.events.models import Event
from server.apps.users.models import User
from server.testing.expect import described

START_LIMIT_S = 5.0


def assert_started_in_time(user: User, *, since: datetime | None = None) -> None:
    """Each attempt of the user's actions began within the limit of its turn, by the database's clock.

    Its turn has come when the action before it has ended and its own wait is over; and not before `since`, the moment
    from which broker, relay and a worker were up.
    """
    turn, limit_s = since, START_LIMIT_S * _overload()
    for action in Action.objects.filter(user=user).order_by("seq"):
        turn = _latest(turn, action.queued_at)
        for told in _told_of(action):
            started = _time(told["started_at"])
            waited_s = (started - turn).total_seconds()
            assert waited_s <= limit_s, (
                f"attempt {told['attempt']} of {action} began {waited_s:.1f} s late\n{described(user)}"
            )
            turn = _latest(since, _time(told["finished_at"] or told["due_at"]))


def _overload() -> float:
    """1 on a machine that has time for the tests; more where every core has several processes waiting for it."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) - 1)


def _told_of(action: Action) -> list[dict[str, Any]]:
    """What was told of the action, in order; each tells how one attempt went."""
    return [
        event.data for event in Event.objects.filter(action_id=action.id).order_by("cursor") if event.data
    ]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _latest(first: datetime | None, second: datetime) -> datetime:
    return second if first is None else max(first, second)
