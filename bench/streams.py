"""A thousand open streams on one web process: the memory of each, and the time from a commit to the client.

Two crowds, each on a web process of its own: a thousand users with one stream each, every one told of one event, one
after the other; and one user with a thousand streams, told of a few events, each when all have the one before. The
clock starts when the event's commit is answered, before the wake-up is sent, and stops when the client has the whole
event in hand. The clients live in one thread of the bench and share its processor time.
"""

import asyncio
import queue
import resource
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from types import TracebackType
from typing import Self

from django.db import transaction

from bench.contenders import PROJECT_SETTINGS, coach
from bench.drain import Bench, vacuum
from bench.people import make_cohorts
from bench.processes import BenchError, Processes, answers, wait_until
from server.apps.users.models import ApiToken, User
from server.local.ports import LOOPBACK, free_port
from server.services.action_queue.accept import accept_user_message

STREAMS, QUICK_STREAMS = 1_000, 100
EVENTS_OF_ONE = 5
FILES_BESIDE = 200
# The process is warm, and what all streams share is there, before memory is looked at.
WARM_UP = 50
KIB_OF_A_MIB = 1024
HELLO, MESSAGE, END = b"event: hello", b"event: message", b"\n\n"
TIMEOUT_S = 30.0

Arrivals = queue.Queue[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """One crowd. `samples` is how often an event came to a stream; the times are milliseconds from its commit."""

    crowd: str
    streams: int
    kib_per_stream: float
    samples: int
    p50_ms: float
    p99_ms: float


def measure_streams(bench: Bench, *, quick: bool) -> list[Streams]:
    """Both crowds. Raises `BenchError`."""
    count = QUICK_STREAMS if quick else STREAMS
    _allow_files(count + FILES_BESIDE)
    return [
        _measure(bench, f"{count:,} users, a stream each", _people(count), _tell_each),
        _measure(bench, f"one user, {count:,} streams", _people(1) * count, _tell_all),
    ]


def _measure(
    bench: Bench, crowd: str, owners: Sequence[User], tell: Callable[["Crowd", Sequence[User]], list[float]]
) -> Streams:
    """Streams of these users, one for each, opened and told."""
    bench.redis.flushdb()
    vacuum()
    port = free_port()
    tokens = {user: ApiToken.objects.issue(user) for user in dict.fromkeys(owners)}
    with Processes((coach("web", "--port", str(port)),), bench.logs, PROJECT_SETTINGS) as processes:
        url = f"http://{LOOPBACK}:{port}/healthz"
        wait_until(lambda: answers(url), "the web process did not answer", processes.check)
        with Crowd(port, processes.check) as clients:
            clients.open([tokens[user] for user in owners[:WARM_UP]])
            before = processes.memory()[0].rss
            clients.open([tokens[user] for user in owners[WARM_UP:]])
            grown = processes.memory()[0].rss - before
            taken = tell(clients, owners)
    hundredths = quantiles(taken, n=100, method="inclusive")
    return Streams(
        crowd=crowd,
        streams=len(owners),
        kib_per_stream=grown * KIB_OF_A_MIB / (len(owners) - WARM_UP),
        samples=len(taken),
        p50_ms=hundredths[49],
        p99_ms=hundredths[98],
    )


def _tell_each(clients: "Crowd", owners: Sequence[User]) -> list[float]:
    """Every user's event comes to their stream, then the next user's."""
    return [taken for user in owners for taken in _tell(user, clients, 1)]


def _tell_all(clients: "Crowd", owners: Sequence[User]) -> list[float]:
    """The one user's event comes to all streams, then the next."""
    return [taken for _ in range(EVENTS_OF_ONE) for taken in _tell(owners[0], clients, len(owners))]


def _tell(user: User, clients: "Crowd", streams: int) -> list[float]:
    """Commit one event; milliseconds from then until each of the user's streams had it."""
    committed: list[float] = []
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        accept_user_message(user, "How far have I come?")
    return [(clients.next_arrival() - committed[0]) * 1000 for _ in range(streams)]


class Crowd:
    """Clients with a stream each, in a thread of their own."""

    def __init__(self, port: int, check: Callable[[], None]) -> None:
        self._port = port
        self._check = check
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._clients: list[_Client] = []
        self._arrivals: Arrivals = queue.Queue()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._hang_up)
        self._thread.join()
        self._loop.close()

    def open(self, tokens: Sequence[str]) -> None:
        """Open a stream for each, one after the other, and wait until all have said hello. Raises `BenchError`."""
        new = [_Client(token, self._arrivals) for token in tokens]
        self._clients += new
        asyncio.run_coroutine_threadsafe(self._connect(new), self._loop).result()
        wait_until(lambda: all(client.is_open for client in new), "a stream had not been opened", self._check)

    def next_arrival(self) -> float:
        """When the next event came in, on whatever stream, by the monotonic clock. Raises `BenchError`."""
        try:
            return self._arrivals.get(timeout=TIMEOUT_S)
        except queue.Empty as error:
            raise BenchError(f"No event came to a stream within {TIMEOUT_S:.0f} s.") from error

    async def _connect(self, clients: Sequence["_Client"]) -> None:
        for client in clients:
            await self._connect_one(client)

    async def _connect_one(self, client: "_Client") -> None:
        await self._loop.create_connection(lambda: client, LOOPBACK, self._port)

    def _hang_up(self) -> None:
        for client in self._clients:
            client.hang_up()
        self._loop.call_soon(self._loop.stop)


class _Client(asyncio.Protocol):
    """One stream, which says when each message came in."""

    def __init__(self, token: str, arrivals: Arrivals) -> None:
        self.is_open = False
        self._arrivals = arrivals
        self._token = token
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        lines = ("GET /api/v1/events HTTP/1.1", f"Host: {LOOPBACK}", f"Authorization: Bearer {self._token}")
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        *events, self._rest = (self._rest + data).split(END)
        for event in events:
            self.is_open = self.is_open or HELLO in event
            if MESSAGE in event:
                self._arrivals.put(now)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _people(count: int) -> list[User]:
    return [person.user for person in make_cohorts(1, count)[0]]


def _allow_files(wanted: int) -> None:
    """Every stream is an open file, here and in the web process, which inherits the limit. Raises `BenchError`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise BenchError(f"A process may have {hard} files open here (ulimit -Hn), and {wanted} are needed.")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
