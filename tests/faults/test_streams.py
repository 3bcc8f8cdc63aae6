"""Events under every cut: a client that was away, cut off or slow is told everything once, in order."""

import asyncio
import json
import random
import resource
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self, TypeVar
from uuid import uuid4

import psutil
import pytest
from django.db import connection

from server.apps.coach_states.models import CoachState
from server.apps.events.models import Event, EventStream
from server.apps.users.models import ApiToken, User, digest_of
from server.local.ports import LOOPBACK, free_port
from server.services.action_queue.accept import accept_user_message
from server.testing.expect import assert_actions
from tests.api.web import WebProcess
from tests.conftest import TellFigure
from tests.faults.gates import FAULTS, Gates
from tests.processes import wait_until
from tests.queue.conftest import note, roles, started_together, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

T = TypeVar("T")

LIMIT_S = 90.0
EVENTS_OF_A_NOTE = 3
"""The message, the action, the state."""


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gates]:
    """The gates of two workers, which run with a relay for the whole module."""
    gates = Gates(tmp_path_factory.mktemp("gates"))
    with roles(tmp_path_factory.mktemp("roles")) as start_role:
        worker = partial(start_role, "worker", *FAULTS, **gates.environment)
        started_together(worker, worker, partial(start_role, "relay"))
        yield gates


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web process that runs for the whole module."""
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as process:
        yield process.port


# A client, byte by byte

Seen = tuple[int, str, str]
"""An event that bears a cursor: the cursor, its kind, and what it tells of."""


class Answer:
    """One answer as its bytes come in, chunk by chunk, turned into those of its events that are whole."""

    def __init__(self) -> None:
        self._raw = self._text = b""
        self._is_open = False

    def take(self, data: bytes) -> list[Seen]:
        self._raw += data
        if not self._is_open:
            self._read_head()
        if self._is_open:
            self._unpack()
        *whole, self._text = self._text.split(b"\n\n")
        return [seen for text in whole if (seen := event_in(text.decode())) is not None]

    def _read_head(self) -> None:
        head, found, rest = self._raw.partition(b"\r\n\r\n")
        if found:
            assert head.startswith(b"HTTP/1.1 200 "), head.decode()
            self._is_open, self._raw = True, rest

    def _unpack(self) -> None:
        while (line := self._raw.find(b"\r\n")) >= 0:
            begin = line + 2
            end = begin + int(self._raw[:line], 16)
            if len(self._raw) < end + 2:
                return
            self._text += self._raw[begin:end]
            self._raw = self._raw[end + 2 :]


def event_in(text: str) -> Seen | None:
    """The event, if it is one with a cursor."""
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    if "id" not in fields:
        return None
    told = json.loads(fields["data"]).get(fields["event"])
    return int(fields["id"]), fields["event"], told.get("id", "") + told.get("status", "")


@dataclass
class Tab:
    """A client that reads a user's stream over a socket of its own, and goes on from the last event it has whole."""

    port: int
    token: str
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    @classmethod
    def of(cls, user: User, port: int) -> Self:
        return cls(port=port, token=ApiToken.objects.issue(user))

    @property
    def cursor(self) -> int:
        return self.seen[-1][0] if self.seen else 0

    def read(self, last: int, *, up_to: int = 10**9, at_a_time: int = 4096, pause_s: float = 0.0) -> None:
        """Read so many bytes, wherever they end, and hang up; or until the event `last` is there."""
        answer = Answer()
        with closing(self.connect()) as line:
            while up_to > 0 and self.cursor < last and (data := line.recv(min(up_to, at_a_time))):
                up_to -= len(data)
                self.seen += answer.take(data)
                time.sleep(pause_s)

    def follow(self, last: int, chance: random.Random) -> None:
        """Read until the event `last` is there, and be cut off again and again on the way."""
        until = time.monotonic() + LIMIT_S
        while self.cursor < last:
            assert time.monotonic() < until, (
                f"waited {LIMIT_S:g} s in vain for event {last}, after {self.cursor}"
            )
            longest = chance.choice([300, 2_000, 6_000, 20_000])
            try:
                self.read(last, up_to=chance.randint(1, longest))
            except ConnectionError:  # nobody is there just now
                time.sleep(0.05)

    def connect(self, *, buffer: int | None = None) -> socket.socket:
        line = socket.socket()
        line.settimeout(LIMIT_S)
        if buffer is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.connect((LOOPBACK, self.port))
        self.connections += 1
        line.sendall(request_of(self.token, f"Last-Event-ID: {self.cursor}"))
        return line


def request_of(token: str, *more: str) -> bytes:
    """The bytes that open a stream."""
    head = ("GET /api/v1/events HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", *more)
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def assert_saw_everything(tab: Tab, user: User) -> None:
    """Every event that the database has, once, in order."""
    events = Event.objects.filter(user=user).order_by("cursor")
    assert tab.seen == [(event.cursor, str(event.kind), subject_of(event)) for event in events]


def subject_of(event: Event) -> str:
    if event.data is not None:
        return f"{event.action_id}{event.data['status']}"
    return str(event.message_id or "")


@contextmanager
def reading(deeds: Sequence[Callable[[], None]]) -> Iterator[None]:
    """Clients that read beside the block; all of them have ended well when it has."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        futures = [pool.submit(deed) for deed in deeds]
        yield
        for future in futures:
            future.result()


# Cut off


def test_clients_that_are_cut_off_anywhere_and_resume_see_every_event_once(
    user: User, gates: Gates, port: int
) -> None:
    """In the middle of an answer's head, of a chunk, of an event: each client has a plan of its own."""
    actions, tabs = 40, [Tab.of(user, port) for _ in range(16)]
    last = actions * EVENTS_OF_A_NOTE
    plans = [partial(tab.follow, last, random.Random(seed)) for seed, tab in enumerate(tabs)]
    with gates.resting(0.02), reading(plans):
        for number in range(actions):
            note(user, str(number))
        wait_for_lane(user, timeout_s=LIMIT_S)
    assert_actions(user, [("add_user_note", "succeeded")] * actions)
    for tab in tabs:
        assert_saw_everything(tab, user)
    assert sum(tab.connections for tab in tabs) > 10 * len(tabs)


def test_two_tabs_at_once_are_both_told_everything(user: User, gates: Gates, port: int) -> None:
    tabs = [Tab.of(user, port) for _ in range(2)]
    with reading([partial(tab.read, 90) for tab in tabs]):
        for number in range(30):
            note(user, str(number))
        wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 30)
    for tab in tabs:
        assert_saw_everything(tab, user)
        assert tab.connections == 1


def test_what_a_worker_ends_while_nobody_listens_is_told_later(user: User, gates: Gates, port: int) -> None:
    tab = Tab.of(user, port)
    note(user, "heard")
    tab.read(3)
    for number in range(10):
        note(user, f"unheard {number}")
    wait_for_lane(user)
    assert tab.cursor == 3
    tab.read(33)
    assert_actions(user, [("add_user_note", "succeeded")] * 11)
    assert_saw_everything(tab, user)


def test_a_slow_reader_misses_nothing_and_holds_nobody_up(user: User, gates: Gates, port: int) -> None:
    slow, quick = Tab.of(user, port), Tab.of(user, port)
    answer = Answer()
    with closing(slow.connect(buffer=2_048)) as line:
        for number in range(30):
            accept_user_message(user, f"{number} " + "x" * 15_000)
            note(user, str(number))
        wait_for_lane(user)
        quick.read(120)
        assert_saw_everything(quick, user)
        while slow.cursor < 120:
            slow.seen += answer.take(line.recv(700))
            time.sleep(0.001)
    assert_actions(user, [("add_user_note", "succeeded")] * 30)
    assert_saw_everything(slow, user)


def test_clients_resume_where_they_were_when_the_web_process_is_killed_and_started_again(
    user: User, gates: Gates, tmp_path: Path
) -> None:
    port, actions = free_port(), 40
    tabs = [Tab.of(user, port) for _ in range(6)]
    last = actions * EVENTS_OF_A_NOTE
    plans = [partial(tab.follow, last, random.Random(seed)) for seed, tab in enumerate(tabs)]
    with ExitStack() as stack, gates.resting(0.02):
        web = stack.enter_context(WebProcess(tmp_path / "web-0.log", port=port))
        with reading(plans):
            for number in range(actions):
                note(user, str(number))
                if number in {12, 25}:
                    wait_until(lambda: min(tab.cursor for tab in tabs) > last // 5, "all were told some")
                    web.kill()
                if number in {16, 30}:
                    web = stack.enter_context(WebProcess(tmp_path / f"web-{number}.log", port=port))
            wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * actions)
    for tab in tabs:
        assert_saw_everything(tab, user)


# A thousand at once

STREAMS = 1_000
SAMPLE = 25
FILES_BESIDE = 200
MOST_KIB = 200


@pytest.fixture
def streams() -> Iterator[int]:
    """How many streams may be open: a thousand, or what this system's limit of open files leaves."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = STREAMS + FILES_BESIDE
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if limit < wanted:
        print(f"A process may have {hard} files open here, so fewer streams are opened.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))
    yield limit - FILES_BESIDE
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_open_streams_hold_no_connection_and_little_memory_and_are_all_told(
    streams: int, gates: Gates, tmp_path: Path, tell_figure: TellFigure
) -> None:
    users, tokens = make_users(streams)
    sample = random.Random(1).sample(range(streams), SAMPLE)
    with WebProcess(tmp_path / "web.log") as web:
        process = psutil.Process(web.pid)

        async def scenario() -> None:
            crowd = Crowd(web.port)
            await crowd.open(tokens[:50])
            before, sessions_before = process.memory_info().rss, await in_thread(sessions)
            await crowd.open(tokens[50:])
            kib = (process.memory_info().rss - before) / 1024 / (streams - 50)
            tell_figure(f"{streams} streams, {kib:.1f} KiB each")
            assert kib < MOST_KIB
            assert await in_thread(sessions) - sessions_before <= 10
            await in_thread(lambda: wait_until(lambda: busy_sessions() == 0, "every session is idle"))
            await in_thread(lambda: [note(users[number]) for number in sample])
            async with asyncio.timeout(LIMIT_S):
                told = [await crowd.next_of(number, EVENTS_OF_A_NOTE) for number in sample]
            assert told == [[1, 2, 3]] * SAMPLE
            crowd.close()

        asyncio.run(scenario())
        wait_until(lambda: web.open_streams == 0, "the streams are closed")
    for number in sample:
        assert_actions(users[number], [("add_user_note", "succeeded")])


class Crowd:
    """Many open streams, one a user."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def open(self, tokens: Sequence[str]) -> None:
        """Open one for each, and wait until all of them have said hello."""
        at_once = asyncio.Semaphore(50)

        async def open_one(token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            async with at_once, asyncio.timeout(LIMIT_S):
                reader, writer = await asyncio.open_connection(LOOPBACK, self._port)
                writer.write(request_of(token))
                assert b"event: hello" in await reader.readuntil(b"\n\n")
                return reader, writer

        self._lines += await asyncio.gather(*map(open_one, tokens))

    async def next_of(self, number: int, count: int) -> list[int]:
        """The cursors of the next events of one stream."""
        reader, _ = self._lines[number]
        cursors: list[int] = []
        while len(cursors) < count:
            frame = (await reader.readuntil(b"\n\n")).decode()
            cursors += [int(line[4:]) for line in frame.splitlines() if line.startswith("id: ")]
        return cursors

    def close(self) -> None:
        for _, writer in self._lines:
            writer.transport.abort()


async def in_thread(work: Callable[[], T]) -> T:
    """Database work, whose connection ends with it."""

    def then_close() -> T:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(then_close)


def make_users(count: int) -> tuple[list[User], list[str]]:
    """Users, and a token of each."""
    users = User.objects.bulk_create(User(email=f"{uuid4().hex}@example.org") for _ in range(count))
    CoachState.objects.bulk_create(CoachState(user=user) for user in users)
    EventStream.objects.bulk_create(EventStream(user=user) for user in users)
    tokens = [uuid4().hex for _ in users]
    ApiToken.objects.bulk_create(
        ApiToken(user=user, digest=digest_of(token)) for user, token in zip(users, tokens, strict=True)
    )
    return users, tokens


def sessions() -> int:
    """How many database sessions there are, of whatever role."""
    return _count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coach'")


def busy_sessions() -> int:
    """Those that do something, or stand in a transaction; not the one that asks."""
    return _count(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE application_name = 'coach' AND state <> 'idle' AND pid <> pg_backend_pid()"
    )


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (count,) = cursor.fetchone()
    return int(count)
