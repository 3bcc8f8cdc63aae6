"""The whole system on this machine: what `coach up` starts, in which order, and how it ends."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from server.local.child import Role
from server.local.errors import RefusedError
from server.local.home import Home
from server.local.model_server import ModelServerRole
from server.local.ports import LOOPBACK, settle
from server.local.postgres import EmbeddedPostgres
from server.local.probes import http_problem
from server.local.redis import EmbeddedRedis
from server.local.run_state import ProcessRecord, RunState, end_leftovers, this_process
from server.local.signals import SignalInbox
from server.local.supervisor import Supervisor

DEMO_EMAIL = "demo@example.com"
MAX_WORKERS = 64
SERVER_READY_S = 60.0
MIGRATE_S = 180.0
ROLE_READY_S = 180.0


class Reporter(Protocol):
    """Whom the system tells how it is getting on."""

    def working(self, text: str) -> None:
        """What is being done now; the next call takes its place."""

    def say(self, text: str) -> None:
        """One line that stays."""

    def ready(self, addresses: "Addresses") -> None:
        """Everything runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What the caller of `coach up` wants. Port 0 takes a free one; a URL replaces the embedded server.

    `recorded` is a session that a stand-in for the model's server plays.
    """

    home: Home
    port: int = 8000
    flower_port: int = 5555
    workers: int
    database_url: str = ""
    redis_url: str = ""
    flower_login: str = ""
    recorded: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the running system is, and how to get in. Logins read `user:password`.

    There is no demo login on a server of somebody else's.
    """

    home: Home
    web_url: str
    flower_url: str
    flower_login: str
    demo_login: str | None


def run_system(options: UpOptions, reporter: Reporter) -> None:
    """Start everything, say so, and keep it running until a signal comes.

    What was started is ended, however this ends.

    Raises RefusedError for a home in use or a busy port, LocalError where something does not start.
    """
    if not 0 <= options.workers <= MAX_WORKERS:
        raise RefusedError(f"--workers {options.workers} is not between 0 and {MAX_WORKERS}.")
    options.home.prepare()
    with ExitStack() as stack:
        stack.enter_context(options.home.lock())
        inbox = stack.enter_context(SignalInbox())
        for record in end_leftovers(options.home):
            reporter.say(
                f"Ended {record.role} (pid {record.pid}), left over by a `coach up` that was killed."
            )
        stack.callback(options.home.run_file.unlink, missing_ok=True)
        system = _System(options, inbox, reporter)
        stack.callback(system.stop)
        system.start()
        system.run()


class _System:
    def __init__(self, options: UpOptions, inbox: SignalInbox, reporter: Reporter) -> None:
        self._options = options
        self._home = options.home
        self._inbox = inbox
        self._reporter = reporter
        self._port = settle(options.port, "--port")
        self._flower_port = settle(options.flower_port, "--flower-port")
        if self._port == self._flower_port:
            raise RefusedError(f"--port and --flower-port are both {self._port}: give each its own.")
        self._model_server = ModelServerRole(options.recorded) if options.recorded else None
        self._state = RunState(phase="starting", supervisor=this_process())
        self._postgres: EmbeddedPostgres | None = None
        self._redis: EmbeddedRedis | None = None
        self._supervisor = Supervisor(
            logs=self._home.logs, inbox=inbox, report=reporter.say, changed=self._processes_changed
        )

    def start(self) -> None:
        self._write(self._state)
        self._start_database()
        self._start_broker()
        self._migrate()
        self._start_model_server()
        self._start_roles()
        self._await_roles()

    def run(self) -> None:
        self._reporter.ready(self._addresses())
        self._write(replace(self._state, phase="ready"))
        self._supervisor.supervise()

    def stop(self) -> None:
        self._write(replace(self._state, phase="stopping"))
        self._reporter.working("Ending …")
        self._supervisor.stop()
        if self._postgres is not None:
            self._postgres.clean()
        self._reporter.say("Everything has ended.")

    def _start_database(self) -> None:
        if self._options.database_url:
            self._write(replace(self._state, database_url=self._options.database_url))
            return
        self._reporter.working("Starting PostgreSQL …")
        self._postgres = EmbeddedPostgres(self._home, report=self._reporter.say)
        self._postgres.prepare()
        self._supervisor.start(self._postgres.role())
        self._supervisor.wait_ready("postgres", self._postgres.problem, timeout_s=SERVER_READY_S)
        self._write(replace(self._state, database_url=self._postgres.database_url))

    def _start_broker(self) -> None:
        if self._options.redis_url:
            self._write(replace(self._state, redis_url=self._options.redis_url))
            return
        self._reporter.working("Starting Redis …")
        self._redis = EmbeddedRedis(self._home)
        self._redis.prepare()
        self._supervisor.start(self._redis.role())
        self._supervisor.wait_ready("redis", self._redis.problem, timeout_s=SERVER_READY_S)
        self._write(replace(self._state, redis_url=self._redis.redis_url))

    def _migrate(self) -> None:
        self._reporter.working("Migrating the database …")
        demo = ("--demo-login", DEMO_EMAIL) if self._has_demo_login else ()
        self._supervisor.run_to_end(self._role("migrate", "migrate", *demo), timeout_s=MIGRATE_S)

    def _start_model_server(self) -> None:
        if self._model_server is not None:
            self._supervisor.start(self._model_server.role(self._environment()))
            problem = self._model_server.problem
            self._supervisor.wait_ready("model-server", problem, timeout_s=ROLE_READY_S)
            self._write(replace(self._state, stand_in=self._model_server.address))

    def _start_roles(self) -> None:
        for role in self._roles():
            self._supervisor.start(role)
        self._write(
            replace(
                self._state,
                web_url=f"http://{LOOPBACK}:{self._port}/",
                flower_url=f"http://{LOOPBACK}:{self._flower_port}/",
            )
        )

    def _roles(self) -> Sequence[Role]:
        workers = [f"worker-{number}" for number in range(1, self._options.workers + 1)]
        return [
            self._role("relay", "relay", stop_order=1),
            *(
                self._role(name, "worker", "--name", self._node_name(name), stop_order=2, grace_s=40)
                for name in workers
            ),
            self._role("web", "web", "--host", LOOPBACK, "--port", str(self._port), stop_order=0, grace_s=60),
            self._role(
                "flower", "flower", "--host", LOOPBACK, "--port", str(self._flower_port), stop_order=3
            ),
        ]

    def _await_roles(self) -> None:
        wait_ready = self._supervisor.wait_ready
        self._reporter.working("Starting web, workers, relay and Flower …")
        wait_ready("web", lambda: http_problem(self._port, "/readyz"), timeout_s=ROLE_READY_S)
        wait_ready("flower", lambda: http_problem(self._flower_port, "/healthcheck"), timeout_s=ROLE_READY_S)

    def _role(self, name: str, *command: str, stop_order: int = 0, grace_s: float = 10.0) -> Role:
        return Role(
            name=name,
            command=(sys.executable, "-m", "server.cli", *command),
            environment=self._environment(),
            stop_order=stop_order,
            grace_s=grace_s,
        )

    def _environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "COACH_HOME": str(self._home.path),
            "DATABASE_URL": self._state.database_url,
            "REDIS_URL": self._state.redis_url,
            "COACH_FLOWER_URL": os.environ.get("COACH_FLOWER_URL")
            or f"http://{LOOPBACK}:{self._flower_port}/",
            "FLOWER_BASIC_AUTH": self._flower_login,
            "PYTHONUNBUFFERED": "1",
            **(self._model_server.variables if self._model_server is not None else {}),
        }

    def _node_name(self, worker: str) -> str:
        """A name that stays over restarts, and is no other home's on a shared Redis."""
        if self._redis is not None:
            return worker
        return f"{worker}-{sha256(os.fsencode(self._home.path)).hexdigest()[:6]}"

    @property
    def _flower_login(self) -> str:
        return self._options.flower_login or flower_login(self._home)

    @property
    def _has_demo_login(self) -> bool:
        return self._postgres is not None and os.environ.get("COACH_ENV") != "production"

    def _addresses(self) -> Addresses:
        demo = f"{DEMO_EMAIL}:{demo_password(self._home)}" if self._has_demo_login else None
        return Addresses(
            home=self._home,
            web_url=self._state.web_url,
            flower_url=self._state.flower_url,
            flower_login=self._flower_login,
            demo_login=demo,
        )

    def _processes_changed(self, records: Sequence[ProcessRecord]) -> None:
        self._write(self._state.with_processes(records))

    def _write(self, state: RunState) -> None:
        self._state = state
        state.write(self._home)


def flower_login(home: Home) -> str:
    """`user:password` of Flower in this home: made once, kept."""
    return home.secret("flower_auth", prefix="coach:", length=12)


def demo_password(home: Home) -> str:
    """The password of the demo login in this home: made once, kept."""
    return home.secret("demo_password", length=9)
