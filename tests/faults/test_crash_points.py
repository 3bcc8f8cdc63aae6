"""R1, R3, R6, R7: a process that is killed at any named point of the path loses nothing and doubles nothing."""

import pytest

from server.apps.actions.models import Action
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described
from server.testing.faults import Fault
from tests.processes import wait_until
from tests.queue.conftest import StartRole, note, wait_for_lane

WORKER_POINTS = {
    CrashPoint.BEFORE_CLAIM: 1,
    CrashPoint.AFTER_CLAIM: 2,
    CrashPoint.IN_HANDLER: 2,
    CrashPoint.AFTER_EFFECT: 2,
    CrashPoint.BEFORE_COMMIT: 2,
    CrashPoint.AFTER_COMMIT: 1,
    CrashPoint.AFTER_PUBLISH: 1,
}
"""The worker's points, and the attempts that the first action takes when its worker is killed there."""


@pytest.mark.parametrize(("point", "attempts"), WORKER_POINTS.items())
def test_a_worker_killed_at_a_named_point_loses_and_doubles_nothing(
    user: User, start: StartRole, point: CrashPoint, attempts: int
) -> None:
    start("relay")
    doomed = start("worker", Fault(point=point))
    texts = ["one", "two", "three"]
    for text in texts:
        note(user, text)
    wait_until(lambda: doomed.exit_code is not None, "the worker is killed")
    start("worker")
    wait_for_lane(user, timeout_s=20)
    assert_actions(user, [("add_user_note", "succeeded")] * 3)
    assert (
        Action.objects.filter(user=user).order_by("seq").values_list("attempt", flat=True)[0] == attempts
    ), described(user)
    notes = UserNote.objects.filter(user=user).order_by("created_at").values_list("note", flat=True)
    assert list(notes) == texts
