"""The whole system as `coach up` runs it, in a home of its own, with what is kept for days kept for seconds."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from server.local.child import Child, Role
from server.local.logs import keep_small, tail
from server.local.ports import LOOPBACK, free_port
from server.local.probes import http_problem
from server.local.processes import describe_exit
from server.local.services import LocalServices
from server.services.crash_points import CrashPoint
from server.testing.faults import Fault, environment_of

READY_S = 90.0
DAY_S = 86_400
MAX_TASKS = 2_000
RAISES = Fault(point=CrashPoint.IN_HANDLER, do="raise", on=None, chance=0.01)
"""One attempt of a hundred fails and is tried again."""


class SoakError(Exception):
    """The soak could not be run to its end; the message says why."""


class System:
    """Web, two workers, the relay and Flower on servers of their own. All end with the `with` block."""

    def __init__(self, services: LocalServices, *, keep_s: float) -> None:
        self.services = services
        self.port, self.flower_port = free_port(), free_port()
        self._environment = _environment(services, keep_s)
        self._stack = ExitStack()
        self._children: dict[str, Child] = {}

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def flower_state(self) -> list[Path]:
        """The file or files in which Flower keeps its tasks."""
        return list(self.services.home.path.glob("flower_state*"))

    @property
    def pids(self) -> dict[str, int]:
        """The process of each role, and of the servers."""
        servers = {"postgres": self.services.postgres.child.pid, "redis": self.services.redis.child.pid}
        return {name: child.pid for name, child in self._children.items()} | servers

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for name, command in self._commands().items():
                self._children[name] = child = self._start(name, command)
                stack.callback(child.end)
            stack.callback(self._ask_to_end)
            self._await("web", self.port, "/readyz")
            self._await("flower", self.flower_port, "/healthcheck")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def check(self) -> None:
        """Keep the logs small, as the supervisor does. Raises `SoakError` where a process has ended."""
        for name, child in self._children.items():
            keep_small(child.log)
            if child.exit_code is not None:
                end = "\n".join(tail(child.log, 20))
                raise SoakError(f"{name} ended ({describe_exit(child.exit_code)}):\n{end}")

    def _commands(self) -> Mapping[str, tuple[str, ...]]:
        return {
            "relay": ("relay",),
            "worker-1": ("worker", "--name", "worker-1"),
            "worker-2": ("worker", "--name", "worker-2"),
            "web": ("web", "--host", LOOPBACK, "--port", str(self.port)),
            "flower": ("flower", "--host", LOOPBACK, "--port", str(self.flower_port)),
        }

    def _start(self, name: str, command: tuple[str, ...]) -> Child:
        role = Role(
            name=name,
            command=(sys.executable, "-m", "server.testing", *command),
            environment=self._environment | (environment_of(RAISES) if command[0] == "worker" else {}),
            grace_s=40.0,
        )
        return Child(role, self.services.home.logs / f"{name}.log")

    def _ask_to_end(self) -> None:
        for child in self._children.values():
            child.ask_to_end()

    def _await(self, name: str, port: int, path: str) -> None:
        deadline = time.monotonic() + READY_S
        while (problem := http_problem(port, path)) is not None:
            self.check()
            if time.monotonic() > deadline:
                raise SoakError(f"{name} is not ready after {READY_S:g} s: {problem}")
            time.sleep(0.1)


def _environment(services: LocalServices, keep_s: float) -> dict[str, str]:
    """Idempotency keys are kept for a day at least, so the load makes them look old: see `load.py`."""
    return os.environ | {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "COACH_HOME": str(services.home.path),
        "COACH_PROVIDER": "offline",
        "COACH_KEEP_EVENTS_DAYS": f"{keep_s / DAY_S:.9f}",
        "COACH_KEEP_TRACEBACKS_DAYS": f"{keep_s / DAY_S:.9f}",
        "COACH_KEEP_IDEMPOTENCY_KEYS_DAYS": "1",
        "COACH_PRUNE_EVERY_MINUTES": f"{keep_s / 4 / 60:.9f}",
        "FLOWER_BASIC_AUTH": "soak:soak",
        "FLOWER_MAX_TASKS": str(MAX_TASKS),
        "FLOWER_STATE_SAVE_INTERVAL": "15000",
    }
