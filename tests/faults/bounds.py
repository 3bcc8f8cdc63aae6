"""R7: a committed action starts within five seconds of broker and a worker being up."""

import os
from datetime import datetime
from typing import Any

from server.apps.actions.models import Action
from server.apps.events.models import Event
from server.apps.users.models import User
from server.testing.expect import described

START_LIMIT_S = 5.0


def assert_started_in_time(user: User, *, since: datetime | None = None) -> list[float]:
    """Each attempt of the user's actions began within the limit of its turn, by the database's clock.

    Its turn has come when the action before it has ended and its own wait is over; and not before `since`, the moment
    from which broker, relay and a worker were up. Answers how many seconds each attempt began after its turn. Says
    nothing of when an attempt that was lost is given up: `assert_given_up_in_time` does.
    """
    turn, limit_s = since, start_limit_s()
    waits_s: list[float] = []
    for action in Action.objects.filter(user=user).order_by("seq"):
        turn = _latest(turn, action.queued_at)
        for told in _told_of(action):
            if told["status"] != "cancelled":
                waits_s.append(_waited_s(told, turn))
                assert waits_s[-1] <= limit_s, (
                    f"attempt {told['attempt']} of {action} began {waits_s[-1]:.1f} s late\n{described(user)}"
                )
            turn = _latest(turn, _time(told["finished_at"] or told["due_at"]))
    return waits_s


def assert_given_up_in_time(user: User, *, since: datetime | None = None) -> None:
    """Each attempt of the user's that did not succeed was given up within the limit, by the database's clock.

    The limit counts from `since`, when it was lost and a relay was up; by default from its beginning, for a process
    that dies at once.
    """
    given_up = Event.objects.filter(user=user, data__status__in=["retrying", "dead"])
    assert given_up, f"nothing was given up\n{described(user)}"
    for event in given_up:
        assert event.data is not None
        late_s = (event.created_at - (since or _time(event.data["started_at"]))).total_seconds()
        assert late_s <= start_limit_s(), f"an attempt was given up {late_s:.1f} s late\n{described(user)}"


def start_limit_s() -> float:
    """The limit on a machine that has time for the tests; up to twice that where its cores are busy elsewhere."""
    return START_LIMIT_S * min(2.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) - 1))


def _waited_s(told: dict[str, Any], turn: datetime) -> float:
    return max(0.0, (_time(told["started_at"]) - turn).total_seconds())


def _told_of(action: Action) -> list[dict[str, Any]]:
    """What was told of the action, in order; each tells how one attempt went."""
    return [
        event.data for event in Event.objects.filter(action_id=action.id).order_by("cursor") if event.data
    ]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _latest(first: datetime | None, second: datetime) -> datetime:
    return second if first is None else max(first, second)
