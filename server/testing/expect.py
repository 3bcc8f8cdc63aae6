"""Saying what a user's actions came to; where it is not so, what was there is shown."""

from collections.abc import Sequence

from server.apps.actions.models import Action
from server.apps.events.models import Event, EventStream
from server.apps.users.models import User
from server.enums.action_status import ENDED_STATUSES
from server.enums.event_kind import EventKind

Expected = tuple[str, str] | tuple[str, str, str]
"""An action as it should stand: its type and status, and its sentence where that matters."""


def assert_actions(user: User, expected: Sequence[Expected]) -> None:
    """The user's actions are these, in lane order, and the user's clients were told so: each end once.

    Raises `AssertionError` that shows every action and everything that was told.
    """
    actions = list(Action.objects.filter(user=user).order_by("seq"))
    found = [(str(a.action_type), str(a.status), a.result_summary) for a in actions]
    wanted = [tuple(one) for one in expected]
    is_so = len(found) == len(wanted) and all(
        row[: len(one)] == one for row, one in zip(found, wanted, strict=True)
    )
    assert is_so, f"expected {wanted}, but there was\n{described(user)}"
    assert_told(user)


def assert_told(user: User) -> None:
    """Each of the user's ended actions was told to have ended as it did: once, unless an operator retried it.

    The cursors rise by one. Holds for a stream of which nothing was trimmed. Raises `AssertionError` that shows what
    was told.
    """
    events = list(Event.objects.filter(user=user).order_by("cursor"))
    cursors = [event.cursor for event in events]
    last = EventStream.objects.get(user=user).last_cursor
    assert cursors == list(range(1, last + 1)), f"the cursors up to {last} are {cursors}\n{described(user)}"
    for action in Action.objects.filter(user=user).ended():
        ends = [status for status in _told_of(action, events) if status in ENDED_STATUSES]
        retries = action.operator_entries.filter(verb="retry").count()
        assert len(ends) == 1 + retries, (
            f"{action} was told to have ended {len(ends)} times\n{described(user)}"
        )
        assert ends[-1] == action.status, f"{action} was told to be {ends[-1]}\n{described(user)}"


def told(user: User) -> list[str]:
    """The statuses that the user's clients were told, in order."""
    events = Event.objects.filter(user=user, kind=EventKind.ACTION).order_by("cursor")
    return [event.data["status"] for event in events if event.data]


def described(user: User) -> str:
    """The user's actions, a line each in lane order, each with what was told of it."""
    events = list(Event.objects.filter(user=user).order_by("cursor"))
    lines = [
        f"{a.action_type} {a.status} {a.attempt}/{a.max_attempts} {a.result_summary!r}{_error_of(a)},"
        f" told: {', '.join(_told_of(a, events)) or 'nothing'}"
        for a in Action.objects.filter(user=user).order_by("seq")
    ]
    return "\n".join(lines) or "no action"


def _error_of(action: Action) -> str:
    """The kind of its last attempt's error, with the exception where there was one."""
    if action.error_kind is None:
        return ""
    exception = action.traceback.strip().rpartition("\n")[2]
    return f" ({action.error_kind}{exception and f': {exception}'})"


def _told_of(action: Action, events: Sequence[Event]) -> list[str]:
    return [event.data["status"] for event in events if event.action_id == action.id and event.data]
