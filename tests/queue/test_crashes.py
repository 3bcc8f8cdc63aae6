"""R1, R3, R6, R7: whatever ends a worker, no action is lost and none has two effects."""

import signal

from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.testing.expect import described, told
from tests.processes import wait_until
from tests.queue.conftest import Hold, StartRole, is_running, note, wait_for_lane


def test_a_worker_killed_in_the_middle_of_an_attempt_loses_and_doubles_nothing(
    user: User, start: StartRole, busy: Hold
) -> None:
    worker = start("worker")
    start("relay")
    with busy(user):
        for text in ("one", "two", "three"):
            note(user, text)
        wait_until(lambda: is_running(user), "the first action runs")
        worker.kill()
    start("worker")
    actions = wait_for_lane(user, timeout_s=20)
    assert [a.status for a in actions] == ["succeeded"] * 3, described(user)
    assert [a.attempt for a in actions] == [2, 1, 1], described(user)
    assert list(UserNote.objects.filter(user=user).order_by("created_at").values_list("note", flat=True)) == [
        "one",
        "two",
        "three",
    ]
    assert told(user) == ["retrying", "succeeded", "succeeded", "succeeded"]


def test_a_lock_that_another_session_holds_is_retried_not_the_users_loss(
    user: User, start: StartRole, busy: Hold
) -> None:
    start("worker", COACH_ACTION_TIME_LIMIT_S="1.5")
    start("relay")
    with busy(user):
        note(user)
        wait_until(lambda: "retrying" in told(user), "the first retry")
    (action,) = wait_for_lane(user)
    assert action.status == "succeeded", described(user)
    assert action.attempt >= 2
    assert "retrying" in told(user)


def test_a_stopped_worker_ends_its_action_before_it_goes(user: User, start: StartRole, busy: Hold) -> None:
    worker = start("worker")
    with busy(user):
        note(user)
        wait_until(lambda: is_running(user), "the action runs")
        worker.signal(signal.SIGTERM)
    (action,) = wait_for_lane(user)
    assert (action.status, action.attempt) == ("succeeded", 1)
    wait_until(lambda: worker.exit_code is not None, "the worker has gone")
    assert worker.exit_code == 0
