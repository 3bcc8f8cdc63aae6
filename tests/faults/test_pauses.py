"""R3, R4: workers that were stopped and given up, and then go on, change nothing."""

import signal
from datetime import datetime
from functools import partial

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
from tests.faults.bounds import assert_started_in_time
from tests.processes import WATCHDOG, RoleProcess, wait_until
from tests.queue.conftest import StartRole, note, started_together, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

POINTS = (CrashPoint.AFTER_CLAIM, CrashPoint.IN_HANDLER, CrashPoint.BEFORE_COMMIT)
"""At the first the worker's session lives on, no watchdog watches yet, and the lease alone ends the attempt; at the
others it stands in a transaction and holds the user's lane, and the server ends it."""

TIME_LIMIT_S = "2"
"""The lease is five seconds longer."""


def test_workers_stopped_past_their_lease_change_nothing_when_they_go_on(
    make_user: MakeUser, start: StartRole
) -> None:
    stopping = started_together(
        *(
            partial(start, "worker", Fault(point=point, do="stop"), COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
            for point in POINTS
        )
    )
    users = [make_user() for _ in stopping]
    for user in users:
        note(user)
    wait_until(
        lambda: all(worker.is_stopped for worker in stopping), "each worker stops in the middle of an attempt"
    )
    lease_until = last_lease(users)
    others_apply(users, start)
    wait_until(lambda: database_now() > lease_until, "the last lease ends")
    for worker in stopping:
        worker.signal(signal.SIGCONT)
    superseded, *ended = stopping  # in the order of POINTS
    wait_until(lambda: says_it_was_superseded(superseded), "the first finds that its attempt was given up")
    assert superseded.exit_code is None
    wait_until(lambda: all(map(has_let_go, ended)), "each of the others lets go of its attempt")
    for user in users:
        assert_applied_once(user)


def last_lease(users: list[User]) -> datetime:
    running = Action.objects.filter(user__in=users, status="running")
    assert running.count() == len(users)
    last: datetime = running.aggregate(last=Max("lease_until"))["last"]
    return last


def others_apply(users: list[User], start: StartRole) -> None:
    """Another worker applies the users' actions."""
    start("relay", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    start("worker", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    back = database_now()
    for user in users:
        wait_for_lane(user)
        assert_applied_once(user)
        assert_started_in_time(user, since=back)


def assert_applied_once(user: User) -> None:
    assert_actions(user, [("add_user_note", "succeeded")])
    assert Action.objects.get(user=user).attempt == 2, described(user)
    assert told(user) == ["retrying", "succeeded"]
    assert UserNote.objects.filter(user=user).count() == 1


def says_it_was_superseded(worker: RoleProcess) -> bool:
    return worker.says("was superseded and changed nothing")


def has_let_go(worker: RoleProcess) -> bool:
    """Its watchdog found the time limit long past and ended it; unless it was quicker, and found that itself."""
    return worker.exit_code == WATCHDOG or says_it_was_superseded(worker)
