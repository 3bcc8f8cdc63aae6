"""R1, R3, R4, R6, R7: PostgreSQL is restarted, cuts sessions, refuses and fails, and no action is lost or doubled.

The roles live through the whole module.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import cycle

import httpx
import psycopg
import pytest
from django.db import OperationalError, connection

from server.apps.actions.models import Action
from server.apps.actions.queries import ActionRef, database_now
from server.apps.chat_messages.models import ChatMessage
from server.apps.events.models import Event, EventStream
from server.apps.users.models import User
from server.local.services import LocalServices
from server.services.action_handler.retry import AttemptPolicy, decide
from server.services.action_queue.publisher import publisher
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described, told
from server.testing.faults import Fault
from tests.api.web import WebProcess
from tests.api.work import POSTS
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.faults.crew import Triggers
from tests.faults.database import Database
from tests.faults.deeds_db import ARRIVED, TAKEN
from tests.faults.proxy import Proxy
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import note, notes_of, roles, started_together, wait_for_lane

MAX_ATTEMPTS = AttemptPolicy().max_attempts
pytestmark = pytest.mark.timeout(300)

ON_DEMAND = {
    "opposite": "tests.faults.deeds_db:lock_in_the_opposite_order",
    "blocked": "tests.faults.deeds_db:wait_for_a_lock",
    "long": "sleep:2",
}
"""What happens in a handler once a test asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A relay and two workers."""

    relay: RoleProcess
    workers: list[RoleProcess]
    triggers: Triggers

    def assert_alive(self) -> None:
        assert [process.exit_code for process in (self.relay, *self.workers)] == [None] * 3


@pytest.fixture(scope="module")
def _system(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    # A commit survives the server's own crash, as in production; the run's server waits for nothing otherwise.
    with Database(services).setting("synchronous_commit", "on"):
        connection.close()
        triggers = Triggers(tmp_path_factory.mktemp("triggers"))
        faults = [
            Fault(point=CrashPoint.IN_HANDLER, do=do, on=None, trigger=triggers.of(name))
            for name, do in ON_DEMAND.items()
        ]
        slow = Fault(point=CrashPoint.BEFORE_COMMIT, do="sleep:0.1", on=None)
        with roles(tmp_path_factory.mktemp("roles")) as start:
            limit = {"COACH_ACTION_TIME_LIMIT_S": "6"}
            worker = partial(start, "worker", slow, *faults, **limit)
            relay, *workers = started_together(partial(start, "relay", **limit), worker, worker)
            yield System(relay=relay, workers=workers, triggers=triggers)
    connection.close()


def logged(*processes: RoleProcess) -> Callable[[str], bool]:
    """Whether any of them has said a text since this moment."""
    lengths = [len(process.log.read_bytes()) for process in processes]
    return lambda text: any(
        text.encode() in process.log.read_bytes()[length:]
        for process, length in zip(processes, lengths, strict=True)
    )


@pytest.fixture
def system(_system: System) -> Iterator[System]:
    _system.triggers.forget()
    yield _system
    _system.assert_alive()


@pytest.fixture
def database(servers: LocalServices) -> Database:
    return Database(servers)


def only_once(action: Action) -> Action:
    """The action may be tried once: an attempt that counts and does not succeed is its end."""
    Action.objects.filter(pk=action.pk).update(max_attempts=1)
    return action


def actions_of(user: User) -> list[Action]:
    return list(Action.objects.filter(user=user).order_by("seq"))


def counted(action: Action) -> int:
    """How many of the action's attempts used one up."""
    return action.attempt - (action.max_attempts - MAX_ATTEMPTS)


def waits_for(session: psycopg.Connection) -> bool:
    """Whether anybody waits for a lock that this session holds."""
    return _is_so(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)))",
        session.info.backend_pid,
    )


def is_locked(key: int) -> bool:
    return _is_so(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted)", key
    )


def _is_so(question: str, value: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [value])
        (answer,) = cursor.fetchone()
        return bool(answer)


def succeeds_soon(post: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer, once the pool has found out what its connections are worth; until then it is 503."""
    answers = [post()]
    while answers[-1].status_code == 503 and len(answers) < 3:
        answers.append(post())
    assert answers[-1].is_success, [answer.text for answer in answers]
    return answers[-1]


def assert_nothing_is_half_stored(user: User) -> None:
    """No part of the response is there; what the user wrote may be, with its event."""
    written = ChatMessage.objects.filter(user=user)
    assert not written.exclude(role="user").exists()
    assert not Action.objects.filter(user=user).exists()
    assert Event.objects.filter(user=user).count() == written.count() <= 1
    assert EventStream.objects.get(user=user).last_cursor == written.count()


def assert_all_succeeded_once(user: User) -> None:
    actions = actions_of(user)
    assert_actions(user, [("add_user_note", "succeeded")] * len(actions))
    assert len(notes_of(user)) == len(actions)


def assert_tried_twice(user: User) -> None:
    (action,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
    assert told(user) == ["retrying", "succeeded"]
    assert (action.attempt, counted(action)) == (2, 1), described(user)
    assert notes_of(user) == ["likes gardens"]
    assert_started_in_time(user)


def not_open(users: list[User]) -> bool:
    return not Action.objects.filter(user__in=users).open().exists()


# Silence


@pytest.mark.parametrize("pool", ["0", "2"], ids=["a worker's", "the web tier's"])
def test_the_kernel_is_told_to_end_a_connection_whose_other_end_is_silent(
    services: LocalServices, pool: str
) -> None:
    """It is not shown that it does: on one machine the kernel itself acknowledges for both ends, whatever they do."""
    with Proxy(services) as way:
        asked = subprocess.run(
            [sys.executable, "-m", "tests.faults.keepalives"],
            env=os.environ | {"DATABASE_URL": way.database_url, "COACH_DATABASE_POOL": pool},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout) == {
        "keepalive": 1,
        "idle_s": 5,
        "interval_s": 2,
        "count": 3,
        "user_timeout_ms": 10_000,
    }


# Restarts


def test_a_claim_that_the_database_lost_is_not_held_by_who_made_it(user: User) -> None:
    action = note(user)
    forgotten = Action.objects.claim(action.id, lease_s=35)
    assert forgotten is not None
    # As a crash leaves it, for the claim waits for no disk.
    Action.objects.filter(pk=action.pk).update(status="queued", attempt=0, holder=None, holder_since=None)
    connection.close()
    held = Action.objects.claim(action.id, lease_s=35)
    assert held is not None
    assert held.attempt == forgotten.attempt
    late = decide(OperationalError(), attempt=1, max_attempts=1, policy=AttemptPolicy(), jitter=0)
    assert Action.objects.finish(forgotten, late) is None
    action.refresh_from_db()
    assert action.status == "running"
    assert Action.objects.finish(held, late) is not None


def test_a_database_restarted_again_and_again_loses_and_doubles_nothing(
    servers: LocalServices, make_user: MakeUser, system: System
) -> None:
    users, texts = [make_user() for _ in range(4)], ["1", "2", "3", "4", "5"]
    ends = cycle((servers.postgres.kill, servers.postgres.stop))
    for text in texts:
        for user in users:
            note(user, text)
        wait_until(lambda: Action.objects.filter(status="running").exists(), "an action runs")
        connection.close()
        next(ends)()
        servers.postgres.start()
    back = database_now()
    for user in users:
        wait_for_lane(user, timeout_s=90)
        assert_actions(user, [("add_user_note", "succeeded")] * len(texts))
        assert notes_of(user) == texts
        assert [counted(action) for action in actions_of(user)] == [1] * len(texts), described(user)
        assert_started_in_time(user, since=back)
    assert any(action.attempt > 1 for user in users for action in actions_of(user)), "no attempt was cut"


def test_sessions_that_are_ended_again_and_again_lose_and_double_nothing(
    database: Database, make_user: MakeUser, system: System
) -> None:
    users = [make_user() for _ in range(4)]
    texts = ["1", "2", "3", "4"]  # each end of the sessions may cost an action one attempt of its five
    for text in texts:
        for user in users:
            note(user, text)
        if text in {"1", "3"}:
            wait_until(lambda: Action.objects.filter(status="running").exists(), "an action runs")
        else:
            wait_until(lambda: not_open(users), "all have ended")
        database.end_sessions()
    for user in users:
        wait_for_lane(user, timeout_s=60)
        assert_actions(user, [("add_user_note", "succeeded")] * len(texts))
        assert notes_of(user) == texts
        assert_started_in_time(user)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_attempt_that_was_cut_by_a_restart_does_not_count(
    servers: LocalServices, user: User, system: System, end: str
) -> None:
    system.triggers.pull("long")
    only_once(note(user))
    wait_until(lambda: system.triggers.is_spent("long"), "the handler is at work")
    connection.close()
    {"stop": servers.postgres.stop, "kill": servers.postgres.kill}[end]()
    servers.postgres.start()
    back = database_now()
    (action,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
    assert action.attempt == action.max_attempts, described(user)
    assert_started_in_time(user, since=back)


# What a handler may run into


def test_a_serialization_failure_is_retried_not_the_users_loss(
    database: Database, user: User, system: System
) -> None:
    said = logged(*system.workers)
    with database.setting("default_transaction_isolation", "repeatable read"):
        database.end_sessions()
        with database.session() as session, session.transaction():
            session.execute("UPDATE coach_states SET updated_at = now() WHERE user_id = %s", [user.id])
            note(user)
            wait_until(lambda: waits_for(session), "the attempt waits for the row")
        wait_until(lambda: "retrying" in told(user), "the serialization failure")
        assert_tried_twice(user)
    database.end_sessions()
    wait_until(lambda: said("could not serialize access"), "the worker says why")


def test_a_deadlock_is_retried_not_the_users_loss(database: Database, user: User, system: System) -> None:
    said = logged(*system.workers)
    system.triggers.pull("opposite")
    with database.session() as session, session.transaction():
        session.execute("SET LOCAL deadlock_timeout = '60s'")  # it is the handler that finds the deadlock
        session.execute("SELECT pg_advisory_xact_lock(%s)", [TAKEN])
        note(user)
        wait_until(lambda: is_locked(ARRIVED), "the handler has locked the state")
        session.execute("SELECT FROM coach_states WHERE user_id = %s FOR UPDATE", [user.id])
    assert_tried_twice(user)
    wait_until(lambda: said("deadlock detected"), "the worker says why")


def test_a_lock_timeout_is_retried_not_the_users_loss(database: Database, user: User, system: System) -> None:
    said = logged(*system.workers)
    system.triggers.pull("blocked")
    with database.session() as session, session.transaction():
        session.execute("SELECT pg_advisory_xact_lock(%s)", [TAKEN])
        note(user)
        wait_until(lambda: "retrying" in told(user), "the lock timeout")
    assert_tried_twice(user)
    wait_until(lambda: said("canceling statement due to lock timeout"), "the worker says why")


# No writes, no disk, no connection


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as process:
        yield process


Trouble = Callable[[Database], AbstractContextManager[None]]
TROUBLES: dict[str, Trouble] = {
    "read-only": lambda database: database.read_only(),
    "disk full for messages": lambda database: database.disk_full("chat_messages"),
    "disk full for actions": lambda database: database.disk_full("actions"),
    "disk full for events": lambda database: database.disk_full("events"),
    "too many connections": lambda database: database.crowded(),
}


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_request_that_the_database_refuses_is_503_stores_nothing_by_half_and_succeeds_later(
    web: WebProcess, database: Database, user: User, system: System, trouble: str, path: str
) -> None:
    with web.client_of(user) as client:

        def post() -> httpx.Response:
            return client.post(path, json=POSTS[path], headers={"Idempotency-Key": "k"})

        assert client.get("messages").is_success
        with TROUBLES[trouble](database):
            refusal = post()
        assert refusal.status_code == 503, refusal.text
        assert refusal.headers["content-type"] == "application/problem+json"
        assert_nothing_is_half_stored(user)
        answer = succeeds_soon(post)
        assert post().text == answer.text
    by = ChatMessage.objects.filter(user=user).order_by("created_at").values_list("role", flat=True)
    assert list(by) == (["user", "coach"] if path == "messages" else ["coach"])
    (_,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
    assert_started_in_time(user)


def test_workers_take_up_again_what_they_could_not_write(
    database: Database, make_user: MakeUser, system: System
) -> None:
    cut, waiting = make_user(), make_user()
    system.triggers.pull("long")
    only_once(note(cut))
    wait_until(lambda: system.triggers.is_spent("long"), "the handler is at work")
    workers, relay = logged(*system.workers), logged(system.relay)
    with database.read_only():
        wait_until(lambda: relay("in a read-only transaction"), "the relay is refused")
        publisher().publish([ActionRef(actions_of(cut)[0].id, "add_user_note")])
        wait_until(lambda: workers("in a read-only transaction"), "a worker is refused")
    back = database_now()
    note(waiting)
    for user in (cut, waiting):
        (_,) = wait_for_lane(user)
        assert_all_succeeded_once(user)
        assert_started_in_time(user, since=back)


def test_a_full_disk_does_not_use_up_the_attempts(database: Database, user: User, system: System) -> None:
    with database.disk_full("user_notes"):
        only_once(note(user))
        wait_until(lambda: "retrying" in told(user), "the attempt fails")
    (action,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
    assert action.attempt == action.max_attempts > 1, described(user)
    assert_started_in_time(user)


def test_an_attempt_whose_end_could_not_be_written_is_taken_up_again_and_does_not_count(
    database: Database, user: User, system: System
) -> None:
    workers, relay = logged(*system.workers), logged(system.relay)
    system.triggers.pull("long")
    only_once(note(user))
    wait_until(lambda: system.triggers.is_spent("long"), "the handler is at work")
    with database.disk_full("events"):
        wait_until(lambda: workers("No space left on device"), "the worker has given it up")
        wait_until(lambda: relay("No space left on device"), "the relay is refused")
    back = database_now()
    (_,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
    assert_started_in_time(user, since=back)


def test_an_attempt_whose_end_could_not_be_written_at_once_does_not_count(
    database: Database, user: User, system: System
) -> None:
    system.triggers.pull("long")
    only_once(note(user))
    wait_until(lambda: system.triggers.is_spent("long"), "the handler is at work")
    with database.disk_full("events"):
        wait_until(database.has_refused, "the worker is refused")
    (_,) = wait_for_lane(user)
    assert_all_succeeded_once(user)
