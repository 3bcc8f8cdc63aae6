"""R3, R4: a worker that was stopped and given up, and then goes on, changes nothing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from server.apps.actions.models import Action
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.local.services import LocalServices
from server.testing.expect import described, told
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import Hold, StartRole, is_running, note, wait_for_lane

TIME_LIMIT_S = "2"
"""The lease is five seconds longer; a lock is waited for a third of it, so long may it take to stop a worker."""


def test_a_worker_stopped_past_its_lease_changes_nothing(
    user: User, start: StartRole, services: LocalServices
) -> None:
    # It is stopped before it hears that its claim was committed: its session lives on, so the lease alone ends it.
    stopped = start("worker", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    with held(services, note(user)) as holder:
        wait_until(lambda: somebody_waits_for(holder), "the claim waits")
        stopped.signal(signal.SIGSTOP)
    wait_until(lambda: is_running(user), "the claim is committed")
    others_apply(user, start)
    assert Action.objects.get(user=user).error_kind is None
    stopped.signal(signal.SIGCONT)
    wait_until(lambda: stopped.says("was superseded and changed nothing"), "the stopped worker goes on")
    assert_applied_once(user)
    assert stopped.exit_code is None


def test_a_worker_stopped_in_the_middle_of_an_attempt_changes_nothing(
    user: User, start: StartRole, busy: Hold
) -> None:
    # The server ends its session, which stands idle in a transaction and would hold the user's lane.
    stopped = start("worker", COACH_ACTION_TIME_LIMIT_S=TIME_LIMIT_S)
    with busy(user):
        note(user)
        wait_until(lambda: is_running(user), "the attempt begins")
        stopped.signal(signal.SIGSTOP)
    others_apply(user, start)
    stopped.signal(signal.SIGCONT)
    wait_until(lambda: has_let_go(stopped), "the stopped worker goes on")
    assert_applied_once(user)


def others_apply(user: User, start: StartRole) -> None:
    """Another worker applies the user's action."""
    start("relay")
    start("worker")
    wait_for_lane(user)
    assert_applied_once(user)


def assert_applied_once(user: User) -> None:
    (action,) = Action.objects.filter(user=user)
    assert (action.status, action.attempt) == ("succeeded", 2), described(user)
    assert UserNote.objects.filter(user=user).count() == 1
    assert told(user) == ["retrying", "succeeded"]


def has_let_go(worker: RoleProcess) -> bool:
    """It found that its attempt was given up, or its watchdog found the time limit long past and ended it."""
    return worker.says("was superseded and changed nothing") or worker.exit_code is not None


@contextmanager
def held(services: LocalServices, action: Action) -> Iterator[int]:
    """Another session holds the action's row, so that a claim waits; the session's process id."""
    with psycopg.connect(services.database_url) as session:
        session.execute("SELECT FROM actions WHERE id = %s FOR UPDATE", [action.id])
        yield session.info.backend_pid


def somebody_waits_for(holder: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))", [holder])
        return cursor.fetchone() is not None
