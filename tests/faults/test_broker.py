"""R1, R3, R7: whatever happens to Redis, no action is lost or doubled, and each starts soon after its return."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from redis import Redis, RedisError
from redis.client import PubSub

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from server.services.action_queue.accept import ref
from server.services.crash_points import CrashPoint
from server.services.hints import Hints
from server.testing.expect import assert_actions, described
from server.testing.faults import Fault, inject
from tests.api.web import WebProcess
from tests.api.work import note as response_with_a_note
from tests.conftest import MakeUser, TellFigure
from tests.faults import broker_deeds
from tests.faults.bounds import assert_started_in_time
from tests.faults.wire import Wire, through
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import (
    Hold,
    StartRole,
    attempts_of,
    broker,
    is_running,
    note,
    notes_of,
    wait_for_a_sweep,
    wait_for_lane,
)
from workers.celery_app import app
from workers.publisher import CeleryPublisher

RESTARTS = 50
"""While the worker is idle, and as many while it is busy."""
CONSUMES_S = 10.0
PUBLISH_LIMIT_S = 0.5
LONG_OUTAGE_S = 12.0
"""A worker waits longer before each try to connect, and longest after 5.5 s (`workers.consumer`): well beyond that."""
STANDSTILL_S = 8.0
"""A worker gives a connection up that says nothing within three times `SILENCE_S`: beyond those 6 s."""

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

Outage = Callable[[LocalServices], AbstractContextManager[None]]


@pytest.mark.timeout(400)  # a machine that has much else to do needs longer than the run's limit
def test_a_worker_consumes_again_after_each_of_a_hundred_restarts(
    make_user: MakeUser, start: StartRole, servers: LocalServices, tell_figure: TellFigure
) -> None:
    worker = start("worker")
    user, *load = [make_user() for _ in range(5)]
    waits = [restart_and_apply(servers, user, number) for number in range(RESTARTS)]
    tell_figure(in_short("restarted while idle", waits))
    start("relay")  # what the broker loses while the worker is busy, somebody has to send again
    waits = []
    for number in range(RESTARTS, 2 * RESTARTS):
        accept_notes(load, [2 * number, 2 * number + 1])
        waits.append(restart_and_apply(servers, user, number))
    tell_figure(in_short("restarted while busy", waits))
    for one in (user, *load):
        wait_for_lane(one)
        assert_applied(one, 2 * RESTARTS)
    assert worker.exit_code is None
    wait_until_flower_sees(worker)


def test_a_connection_that_went_dead_without_a_word_is_given_up(
    user: User, start: StartRole, servers: LocalServices
) -> None:
    start("relay")
    with Wire(port_of(servers)).stretched() as wire:
        worker = start("worker", REDIS_URL=through(servers.redis_url, wire))
        note(user, "0")
        wait_for_lane(user)
        wire.cut()
        print(in_short("dead connection", [apply_one(user, "1")]))
        assert_applied(user, 2)
        wait_until_flower_sees(worker)


def test_redis_struck_before_while_and_after_a_worker_publishes(
    make_user: MakeUser, start: StartRole, servers: LocalServices, tmp_path: Path
) -> None:
    """Standing still, it takes the message in and never answers, before it is killed."""
    strikes = [
        (CrashPoint.BEFORE_CLAIM, "kill"),
        (CrashPoint.BEFORE_COMMIT, "kill"),
        (CrashPoint.AFTER_COMMIT, "kill"),
        (CrashPoint.AFTER_COMMIT, "stop"),
        (CrashPoint.AFTER_PUBLISH, "kill"),
    ]
    faults = [
        Fault(
            point=point,
            do=f"tests.faults.broker_deeds:{deed}",
            on=None,
            trigger=tmp_path / f"{deed}-{point}",
        )
        for point, deed in strikes
    ]
    victim = tmp_path / "victim"
    worker = start("worker", *faults, **{broker_deeds.VARIABLE: str(victim)})
    start("relay")
    for fault in faults:
        assert fault.trigger is not None
        victim.write_text(str(servers.redis.child.pid))
        fault.trigger.touch()
        user = make_user()
        for number in range(3):
            note(user, str(number))
        wait_until_taken(fault.trigger)
        assert_applied_in_time(user, 3, since=restarted(servers))
        assert worker.exit_code is None, fault.trigger.name


def test_a_worker_that_redis_refuses_tries_again_until_it_is_taken(
    user: User, servers: LocalServices, tmp_path: Path
) -> None:
    worker = RoleProcess("worker", tmp_path / "worker.log")
    try:
        with full(servers):
            wait_until(
                lambda: worker.says("OutOfMemoryError"), "Redis is too full for it to begin", timeout_s=60
            )
        print(in_short("Redis was full", [apply_one(user, "0")]))
        with a_replica():
            wait_until(lambda: worker.says("ReadOnlyError"), "Redis became a replica")
        print(in_short("Redis was a replica", [apply_one(user, "1")]))
    finally:
        worker.stop()
        print(worker.log.read_text(errors="replace")[-4000:])
    assert worker.exit_code == 0
    assert_applied(user, 2)


@pytest.fixture
def victim(servers: LocalServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is struck in this process is the run's Redis."""
    file = tmp_path / "victim"
    file.write_text(str(servers.redis.child.pid))
    monkeypatch.setenv(broker_deeds.VARIABLE, str(file))


@pytest.mark.parametrize("delay_s", [0.12, 0.3])
def test_publishing_by_a_slow_redis_takes_no_longer_than_half_a_second(
    servers: LocalServices, delay_s: float
) -> None:
    with Wire(port_of(servers)).stretched() as wire:
        wire.delay_s = delay_s
        url = through(servers.redis_url, wire)
        assert_quick(
            lambda: Hints(url).send(lambda redis: redis.lpush("nobody's", "x"), otherwise="it is lost")
        )
    broker().delete("nobody's")


@pytest.mark.parametrize(
    ("point", "deed"),
    [
        (CrashPoint.BEFORE_ACCEPT_COMMIT, "kill"),
        (CrashPoint.AFTER_ACCEPT_COMMIT, "kill"),
        (CrashPoint.AFTER_ACCEPT_COMMIT, "stop"),
        (CrashPoint.AFTER_ACCEPT_PUBLISH, "kill"),
    ],
)
@pytest.mark.usefixtures("workers", "victim")
def test_redis_struck_before_while_and_after_an_accepted_action_is_published(
    user: User, servers: LocalServices, point: CrashPoint, deed: str
) -> None:
    with inject(Fault(point=point, do=f"tests.faults.broker_deeds:{deed}")):
        note(user, "0")
    assert_applied_in_time(user, 1, since=restarted(servers))


@contextmanager
def killed_for_long(servers: LocalServices) -> Iterator[None]:
    servers.redis.kill()
    try:
        yield
        time.sleep(LONG_OUTAGE_S)
    finally:
        servers.redis.start()


@contextmanager
def standing_still(servers: LocalServices) -> Iterator[None]:
    """The worker gives its connections up, and makes new ones that nobody accepts."""
    pid = servers.redis.child.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
        time.sleep(STANDSTILL_S)
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def paused(servers: LocalServices) -> Iterator[None]:
    broker().client_pause(5000, all=True)
    yield
    wait_until(answers, "the pause is over")


@contextmanager
def full(servers: LocalServices) -> Iterator[None]:
    broker().config_set("maxmemory", 1)
    try:
        yield
    finally:
        broker().config_set("maxmemory", 0)


@contextmanager
def a_replica() -> Iterator[None]:
    """It takes no orders, as the old master after a failover."""
    broker().replicaof("127.0.0.1", "1")
    try:
        yield
    finally:
        broker().replicaof("NO", "ONE")


@contextmanager
def replaced_by_an_empty_one(servers: LocalServices) -> Iterator[None]:
    broker().set("the old one", "was here")
    servers.redis.kill()
    try:
        yield
        for file in (servers.home.path / "redis").glob("**/*.aof*"):
            file.unlink()
    finally:
        servers.redis.start()
    assert not broker().exists("the old one")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """The web process, for the whole module."""
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as process:
        yield process


@pytest.mark.parametrize("outage", [killed_for_long, standing_still, paused, full, replaced_by_an_empty_one])
def test_an_outage_of_redis_loses_and_doubles_nothing(
    make_user: MakeUser, workers: list[RoleProcess], web: WebProcess, servers: LocalServices, outage: Outage
) -> None:
    users = [make_user() for _ in range(5)]
    visitor = make_user()
    with web.client_of(visitor) as client:
        accept_notes(users, [0, 1])
        with outage(servers):
            assert_quick(lambda: CeleryPublisher().publish([ref(action_of(users[0]))]))
            accept_notes(users, [2, 3])
            for number in (0, 1):
                response = {"response": response_with_a_note(str(number))}
                answer = client.post("users/me/responses", json=response)
                assert answer.status_code == 202, answer.text
            wait_for_a_sweep()
        back = database_now()
    for user in users:
        assert_applied_in_time(user, 4, since=back)
    assert_applied_in_time(visitor, 2, since=back)
    assert [process.exit_code for process in workers] == [None] * 3
    wait_until_flower_sees(*workers[:2])


def test_flushing_redis_with_a_backlog_loses_no_action(
    make_user: MakeUser, workers: list[RoleProcess], busy: Hold
) -> None:
    first, second, *others = [make_user() for _ in range(12)]
    with busy(first), busy(second):
        accept_notes([first, second], [0])
        wait_until(lambda: is_running(first) and is_running(second), "both workers are busy")
        accept_notes(others, [0, 1, 2])
        assert broker().llen(QueueName.ACTIONS.value) == len(others)
        broker().flushall()
    up = database_now()
    for user in others:
        assert_applied_in_time(user, 3, since=up)
    for user in (first, second):
        assert_applied_in_time(user, 1, since=up)


def restart_and_apply(servers: LocalServices, user: User, number: int) -> float:
    """Restart Redis, as a crash every second time, and apply one action; seconds from its acceptance to its end."""
    if number % 2:
        servers.redis.kill()
    else:
        servers.redis.stop()
    servers.redis.start()
    return apply_one(user, str(number))


def apply_one(user: User, text: str) -> float:
    """Apply one action; seconds from its acceptance to its end. Raises `AssertionError` past `CONSUMES_S`."""
    began = time.monotonic()
    note(user, text)
    wait_for_lane(user, timeout_s=CONSUMES_S)
    return time.monotonic() - began


def restarted(servers: LocalServices) -> datetime:
    """Kill Redis, if that has not been done, and start it; when it was back."""
    servers.redis.kill()
    servers.redis.start()
    return database_now()


def accept_notes(users: list[User], numbers: list[int]) -> None:
    for number in numbers:
        for user in users:
            note(user, str(number))


def assert_applied_in_time(user: User, count: int, *, since: datetime) -> None:
    """The user's actions were applied, once and in order; each began soon after it could and Redis was back."""
    wait_for_lane(user)
    assert_applied(user, count)
    print(in_short("waited", assert_started_in_time(user, since=since)))


def assert_applied(user: User, count: int) -> None:
    """The user's actions, whose notes are numbers, were applied once each, in order and at the first attempt."""
    assert_actions(user, [("add_user_note", "succeeded")] * count)
    assert attempts_of(user) == [1] * count, described(user)
    numbers = [int(text) for text in notes_of(user)]
    assert numbers == sorted(numbers)
    assert len(numbers) == count


def assert_quick(publish: Callable[[], object]) -> None:
    """It takes no longer than `PUBLISH_LIMIT_S`; the best of three counts, for the machine may be busy."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        publish()
        took.append(time.monotonic() - began)
    print(in_short("publishing took", took))
    assert min(took) < PUBLISH_LIMIT_S, took


def wait_until_flower_sees(*workers: RoleProcess) -> None:
    """The workers answer to remote commands, and tell what they do."""
    wait_until(lambda: names() >= len(workers), "the workers answer to remote commands")
    with PubSub(broker().connection_pool) as ear:
        ear.psubscribe("/0.celeryev/*")
        unheard = {f"worker-{worker.pid}@" for worker in workers}

        def all_are_heard() -> bool:
            said = str(ear.get_message(ignore_subscribe_messages=True, timeout=0.1))
            unheard.difference_update({name for name in unheard if name in said})
            return not unheard

        wait_until(all_are_heard, "the workers' events")


def names() -> int:
    """How many workers answer; none while this process finds that Redis was away."""
    with suppress(RedisError, OSError):
        return len(app.control.ping(timeout=0.5) or [])
    return 0


def wait_until_taken(trigger: Path) -> None:
    wait_until(lambda: not trigger.exists(), f"Redis is struck: {trigger.name}")


def action_of(user: User) -> Action:
    return Action.objects.filter(user=user).earliest("seq")


def answers() -> bool:
    with suppress(RedisError, OSError):
        return bool(Redis.from_url(settings.REDIS_URL, socket_timeout=0.5).ping())
    return False


def port_of(servers: LocalServices) -> int:
    port = urlsplit(servers.redis_url).port
    assert port is not None
    return port


def in_short(what: str, seconds: list[float]) -> str:
    return f"{what}: longest {max(seconds):.2f} s, median {median(seconds):.2f} s"
