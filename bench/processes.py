"""The processes under measurement: started together, held at a gate, weighed, and ended."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil
from celery import Celery
from redis import Redis

from server.local.child import Child, Role
from server.local.processes import describe_exit

ROOT = Path(__file__).resolve().parents[1]
MIB = 1024 * 1024


class BenchError(Exception):
    """The bench could not be run; the message says what went wrong and shows the end of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What one process holds, in MiB; `uss` is what only it holds, None where the system does not tell."""

    process: str
    rss: float
    uss: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What this Python runs in a process of its own."""

    name: str
    arguments: tuple[str, ...]


class Processes:
    """The processes of one measurement. They end with the `with` block, whatever happens."""

    def __init__(self, programs: Sequence[Program], logs: Path, settings_module: str) -> None:
        self._programs = programs
        self._logs = logs
        self._environment = dict(os.environ, DJANGO_SETTINGS_MODULE=settings_module)
        self._children: list[Child] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for program in self._programs:
                self._children.append(self._start(program))
                stack.callback(self._children[-1].end)
            stack.callback(self._ask_to_end)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def check(self) -> None:
        """Raises `BenchError` where one has ended by itself."""
        for child in self._children:
            if child.exit_code is not None:
                raise BenchError(
                    f"{child.role.name} ended ({describe_exit(child.exit_code)}):\n{_tail(child.log)}"
                )

    def tails(self) -> str:
        """The last lines that each has written."""
        return "\n".join(f"--- {child.role.name}\n{_tail(child.log)}" for child in self._children)

    def memory(self) -> list[Memory]:
        """Of each that has not ended."""
        found = (_memory(name, process) for name, process in self._all())
        return [memory for memory in found if memory]

    def cpu_s(self) -> float:
        """The processor time that they have used so far, in seconds."""
        return sum(cpu_s(process) for _, process in self._all())

    def _start(self, program: Program) -> Child:
        role = Role(
            name=program.name,
            command=(sys.executable, *program.arguments),
            environment=self._environment,
            directory=ROOT,
        )
        return Child(role, self._logs / f"{program.name}.log")

    def _ask_to_end(self) -> None:
        for child in self._children:
            child.ask_to_end()

    def _all(self) -> list[tuple[str, psutil.Process]]:
        found = []
        for child in self._children:
            parent = psutil.Process(child.pid)
            found.append((child.role.name, parent))
            for number, process in enumerate(parent.children(recursive=True), 1):
                found.append((f"{child.role.name}, child {number}", process))
        return found


class Gate:
    """Holds workers back from a queue until it is opened, by Celery's own remote control.

    So they have long started when the first message is theirs, and all begin at once.
    """

    def __init__(self, app: Celery, queue: str, *, nodes: int, redis: Redis) -> None:
        self._app, self._queue, self._nodes, self._redis = app, queue, nodes, redis

    def close(self, check: Callable[[], None]) -> None:
        """Wait until every worker is up and takes nothing. Raises `BenchError`."""
        wait_until(self._all_hold, "the workers were not up", check)
        wait_until(self._nobody_waits, "a worker still listened to the queue", check)

    def open(self) -> float:
        """Let them begin; answers when, in seconds since the epoch."""
        opened_at = time.time()
        self._app.control.add_consumer(self._queue)
        return opened_at

    def _all_hold(self) -> bool:
        replies = self._app.control.cancel_consumer(self._queue, reply=True, timeout=1.0, limit=self._nodes)
        return len(replies or ()) >= self._nodes

    def _nobody_waits(self) -> bool:
        # A worker that was just told may still be in its last BRPOP, for up to a second.
        return bool(self._redis.info("clients")["blocked_clients"] == 0)


def wait_until(
    met: Callable[[], bool],
    problem: str,
    check: Callable[[], None],
    *,
    every_s: float = 0.05,
    timeout_s: float = 60.0,
) -> None:
    """Wait for a condition, and see meanwhile that nothing has died. Raises `BenchError` after `timeout_s`.

    `problem` is the end of the sentence that it then says.
    """
    deadline = time.monotonic() + timeout_s
    while not met():
        check()
        if time.monotonic() > deadline:
            raise BenchError(f"After {timeout_s:.0f} s, {problem}.")
        time.sleep(every_s)


def answers(url: str) -> bool:
    """Whether what is there is well."""
    try:
        return httpx.get(url, timeout=2.0).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def cpu_s(process: psutil.Process) -> float:
    """Processor time, in seconds, of a process and of its children that have ended; 0 for one that is gone."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:  # one of PostgreSQL's passing helpers
        return 0.0


def _memory(name: str, process: psutil.Process) -> Memory | None:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Memory(process=name, rss=process.memory_info().rss / MIB, uss=_uss(process))
    except psutil.NoSuchProcess:
        return None


def _uss(process: psutil.Process) -> float | None:
    try:
        own: float = process.memory_full_info().uss / MIB
    except psutil.AccessDenied:  # macOS, without rights
        return None
    return own


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
