"""A worker that is asked to end: what it is at ends or is handed over, and every action runs once."""

import signal
from contextlib import ExitStack
from datetime import datetime
from functools import partial

import pytest

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described
from server.testing.faults import Fault
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.processes import WATCHDOG, RoleProcess, wait_until
from tests.queue.conftest import Hold, StartRole, is_running, note, started_together, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # several processes are started, on a busy machine slowly

ASKED = {signal.SIGTERM: 0, signal.SIGINT: 1}
"""How a worker may be asked to end, and what it answers: to Ctrl-C, that it was not its own idea."""

TOLD_AGAIN_AND_AGAIN = 0
"""What a worker answers to one SIGTERM after the other: what it answers to the first."""

HANGS = {"run_for_ever": 0, "hang_in_a_loop_of_c": WATCHDOG}
"""Handlers that never return, and the exit codes of their workers: the second one's watchdog ends the process."""

GRACE_S = 40.0
"""What `coach up` and `docker-compose.yml` give a worker, at the default time limit of 30 s."""

TIME_LIMIT_S = "2"
LONG_S = "120"
"""A busy worker waits for a third of it, so long may the test take to start an idle one."""


def test_busy_workers_beside_an_idle_one_end_what_they_are_at_and_go(
    make_user: MakeUser, start: StartRole, busy: Hold
) -> None:
    start("relay", COACH_ACTION_TIME_LIMIT_S=LONG_S)
    slow, others = [make_user() for _ in ASKED], [make_user() for _ in range(5)]
    leaving = started_together(*[partial(start, "worker", COACH_ACTION_TIME_LIMIT_S=LONG_S)] * len(ASKED))
    with ExitStack() as held:
        for user in slow:
            held.enter_context(busy(user))
            note(user, "one")
            note(user, "two")
        wait_until(lambda: all(map(is_running, slow)), "the workers are busy")
        start("worker")
        for worker, asked in zip(leaving, ASKED, strict=True):
            worker.signal(asked)
        for other in others:
            note(other)
            wait_for_lane(other)
    assert [exit_code_of(worker) for worker in leaving] == list(ASKED.values())
    for user, count in (*((user, 2) for user in slow), *((other, 1) for other in others)):
        assert_each_ran_once(user, count)


def test_a_worker_asked_to_end_leaves_its_backlog_to_the_next(make_user: MakeUser, start: StartRole) -> None:
    leaving = start("worker", Fault(point=CrashPoint.IN_HANDLER, do="sleep:0.2", on=None))
    start("relay")
    users = [make_user() for _ in range(20)]
    for user in users:
        note(user)
    wait_until(lambda: has_succeeded(users[0]), "the worker is in the middle of its backlog")
    leaving.signal(signal.SIGTERM)
    assert exit_code_of(leaving) == 0
    assert any(not has_succeeded(user) for user in users), "it applied the whole backlog before it went"
    start("worker")
    back = database_now()
    for user in users:
        assert_each_ran_once(user, 1, since=back)


def test_idle_workers_go(start: StartRole) -> None:
    workers = started_together(*[partial(start, "worker")] * len(ASKED))
    for worker, asked in zip(workers, ASKED, strict=True):
        worker.signal(asked)
    assert [exit_code_of(worker) for worker in workers] == list(ASKED.values())


def test_roles_that_are_told_to_end_again_and_again_end(start: StartRole) -> None:
    *relays, worker = started_together(*[partial(start, "relay")] * 3, partial(start, "worker"))
    for role in (*relays, worker):
        wait_until(partial(ends_when_told, role), f"{role.log.name} ends")
    for relay in relays:
        assert relay.says("the relay has stopped"), relay.log.read_text()
    assert worker.exit_code == TOLD_AGAIN_AND_AGAIN, worker.log.read_text()


def test_attempts_that_would_never_end_are_handed_over_by_workers_that_are_asked_to_end(
    make_user: MakeUser, start: StartRole
) -> None:
    hangs = [Fault(point=CrashPoint.IN_HANDLER, do=f"tests.faults.deeds:{deed}") for deed in HANGS]
    leaving = started_together(
        *(partial(start, "worker", fault, COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S) for fault in hangs)
    )
    users = [make_user() for _ in hangs]
    for user in users:
        note(user, "one")
        note(user, "two")
    wait_until(lambda: all(map(is_running, users)), "the attempts begin")
    for worker in leaving:
        worker.signal(signal.SIGTERM)
    started_together(partial(start, "relay"), partial(start, "worker"))
    back = database_now()
    assert [exit_code_of(worker) for worker in leaving] == list(HANGS.values())
    for user in users:
        assert [action.attempt for action in wait_for_lane(user)] == [2, 1], described(user)
        assert_actions(user, [("add_user_note", "succeeded")] * 2)
        assert_started_in_time(user, since=back)
        assert UserNote.objects.filter(user=user).count() == 2


def ends_when_told(role: RoleProcess) -> bool:
    role.signal(signal.SIGTERM)
    return role.exit_code is not None


def exit_code_of(worker: RoleProcess) -> int | None:
    wait_until(lambda: worker.exit_code is not None, "the worker goes within its grace", timeout_s=GRACE_S)
    return worker.exit_code


def has_succeeded(user: User) -> bool:
    return Action.objects.filter(user=user, status="succeeded").exists()


def assert_each_ran_once(user: User, count: int, *, since: datetime | None = None) -> None:
    actions = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * count)
    assert_started_in_time(user, since=since)
    assert [action.attempt for action in actions] == [1] * count, described(user)
    assert UserNote.objects.filter(user=user).count() == count
