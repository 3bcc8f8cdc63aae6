"""R3, R4: workers that were stopped and given up, and then go on, change nothing."""

import signal
from datetime import datetime

import psutil
import pytest
from django.db.models import Max

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described, told
from server.testing.faults import Fault
from tests.conftest import MakeUser
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import StartRole, note, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

POINTS = (CrashPoint.AFTER_CLAIM, CrashPoint.IN_HANDLER, CrashPoint.BEFORE_COMMIT)
"""At the first the worker's session lives on, and the lease alone ends the attempt; at the others it stands in a
transaction and holds the user's lane, and the server ends it."""

TIME_LIMIT_S = "2"
"""The lease is five seconds longer."""


def test_workers_stopped_past_their_lease_change_nothing_when_they_go_on(
    make_user: MakeUser, start: StartRole
) -> None:
    stopping = [
        start("worker", Fault(point=point, do="stop"), COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
        for point in POINTS
    ]
    users = [make_user() for _ in stopping]
    for user in users:
        note(user)
    wait_until(lambda: all(map(is_stopped, stopping)), "each worker stops in the middle of an attempt")
    lease_until = last_lease(users)
    others_apply(users, start)
    wait_until(lambda: database_now() > lease_until, "the last lease ends")
    for worker in stopping:
        worker.signal(signal.SIGCONT)
    wait_until(lambda: all(map(has_let_go, stopping)), "each goes on, and lets go of its attempt")
    for user in users:
        assert_applied_once(user)


def is_stopped(worker: RoleProcess) -> bool:
    return psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED


def last_lease(users: list[User]) -> datetime:
    running = Action.objects.filter(user__in=users, status="running")
    assert running.count() == len(users)
    last: datetime = running.aggregate(last=Max("lease_until"))["last"]
    return last


def others_apply(users: list[User], start: StartRole) -> None:
    """Another worker applies the users' actions."""
    start("relay", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    start("worker", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    for user in users:
        wait_for_lane(user)
        assert_applied_once(user)


def assert_applied_once(user: User) -> None:
    assert_actions(user, [("add_user_note", "succeeded")])
    assert Action.objects.get(user=user).attempt == 2, described(user)
    assert told(user) == ["retrying", "succeeded"]
    assert UserNote.objects.filter(user=user).count() == 1


def has_let_go(worker: RoleProcess) -> bool:
    """It found that its attempt was given up, or its watchdog found the time limit long past and ended it."""
    return worker.says("was superseded and changed nothing") or worker.exit_code is not None
