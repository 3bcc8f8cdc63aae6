"""A PostgreSQL and a Redis of one's own, for as long as a `with` block lasts: for tests and the bench."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from server.local.child import Child, Role
from server.local.errors import LocalError
from server.local.home import Home
from server.local.postgres import EmbeddedPostgres
from server.local.processes import describe_exit
from server.local.redis import EmbeddedRedis
from server.local.run_state import ProcessRecord, RunState, end_leftovers, this_process

READY_TIMEOUT_S = 60.0


class LocalServer:
    """One running server that a test may stop, kill and start again; its address stays the same."""

    def __init__(
        self, role: Role, logs: Path, problem: Callable[[], str | None], changed: Callable[[], None]
    ) -> None:
        self._role = role
        self._log = logs / f"{role.name}.log"
        self._problem = problem
        self._changed = changed
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        if self._child is None:
            raise LocalError(f"{self._role.name} does not run.")
        return self._child

    @property
    def record(self) -> ProcessRecord | None:
        if self._child is None:
            return None
        process = self._child.process_id
        return ProcessRecord(role=self._role.name, pid=process.pid, created=process.created, state="running")

    def start(self) -> None:
        """Start it and wait until it can be used."""
        self._child = Child(self._role, self._log)
        self._changed()
        deadline = time.monotonic() + READY_TIMEOUT_S
        while (problem := self._problem()) is not None:
            if self._child.exit_code is not None:
                raise LocalError(
                    f"{self._role.name} ended ({describe_exit(self._child.exit_code)}): see {self._log}."
                )
            if time.monotonic() > deadline:
                raise LocalError(f"{self._role.name} is not ready ({problem}): see {self._log}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it in order."""
        if self._child is not None:
            self._child.end()
            self._child = None
            self._changed()

    def kill(self) -> None:
        """End it as a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child = None
            self._changed()


class LocalServices:
    """Throw-away servers in `directory`, a home of its own: `COACH_HOME=directory coach …` finds them.

    `durable=False` waits for no disk: for tests. Raises LocalError where a server does not start.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self.home = Home.locate(directory)
        self._stack = ExitStack()
        self._postgres = EmbeddedPostgres(self.home, durable=durable)
        self._redis = EmbeddedRedis(self.home, durable=durable)
        self._servers: list[LocalServer] = []

    @property
    def database_url(self) -> str:
        return self._postgres.database_url

    @property
    def redis_url(self) -> str:
        return self._redis.redis_url

    @property
    def postgres(self) -> LocalServer:
        return self._servers[0]

    @property
    def redis(self) -> LocalServer:
        return self._servers[1]

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self, stack: ExitStack) -> None:
        self.home.prepare()
        stack.enter_context(self.home.lock())
        end_leftovers(self.home)
        stack.callback(self.home.run_file.unlink, missing_ok=True)
        self._postgres.prepare()
        self._redis.prepare()
        stack.callback(self._postgres.clean)
        self._servers = [
            LocalServer(self._postgres.role(), self.home.logs, self._postgres.problem, self._record),
            LocalServer(self._redis.role(), self.home.logs, self._redis.problem, self._record),
        ]
        for server in self._servers:
            stack.callback(server.stop)
            server.start()

    def _record(self) -> None:
        records = (server.record for server in self._servers)
        RunState(
            phase="ready",
            supervisor=this_process(),
            database_url=self.database_url,
            redis_url=self.redis_url,
            processes=tuple(record for record in records if record is not None),
        ).write(self.home)
