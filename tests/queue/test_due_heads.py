"""Whether the first action of a lane is due soon."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from server.apps.actions.models import Action
from server.apps.users.models import User
from tests.queue.conftest import note

WITHIN_S = 60.0


def lane(user: User, status: str, due_in_s: float) -> None:
    """A lane of two, whose first stands like this."""
    head, _ = note(user), note(user)
    Action.objects.filter(id=head.id).update(status=status, due_at=Now() + timedelta(seconds=due_in_s))


def is_due(user: User) -> bool:
    with CaptureQueriesContext(connection) as asked:
        due = Action.objects.filter(user=user).head_is_due(within_s=WITHIN_S)
    assert len(asked) == 1, asked.captured_queries
    return due


@pytest.mark.parametrize(
    ("status", "due_in_s", "due"),
    [
        ("queued", 0, True),
        ("queued", 2 * WITHIN_S, True),  # its time has come as soon as it is queued
        ("running", 0, True),
        ("running", 2 * WITHIN_S, True),
        ("retrying", 0, True),
        ("retrying", WITHIN_S / 2, True),
        ("retrying", 2 * WITHIN_S, False),
        ("parked", 0, False),
    ],
)
def test_whether_the_head_of_a_lane_is_due(user: User, status: str, due_in_s: float, *, due: bool) -> None:
    lane(user, status, due_in_s)
    assert is_due(user) is due


def test_a_lane_where_nothing_is_open_has_nothing_that_is_due(user: User) -> None:
    lane(user, "queued", 0)
    Action.objects.filter(user=user).update(status="skipped", finished_at=Now())
    assert is_due(user) is False
