"""The real system that the browser's tests look at: web, a worker and a relay; each can be ended and started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.test import Client

from server.apps.users.models import User
from tests.api.web import WebProcess
from tests.browser.chromium import ASYNC_UNSAFE
from tests.browser.pace import FAULTS, Pace
from tests.browser.script import Script
from tests.processes import RoleProcess
from tests.queue.conftest import StartRole, roles, started_together

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Stack:
    """`script` says what the coach answers, `pace` how the actions run."""

    def __init__(self, logs: Path, start_role: StartRole, *, workers: int) -> None:
        self._logs = logs
        self._start_role = start_role
        self._parts = [*["worker"] * workers, "relay"]
        self.script, self.pace = Script(logs / "script"), Pace(logs / "pace")
        self.web = self._new_web()
        self.port, self.url = self.web.port, self.web.url
        self._crew: list[RoleProcess] = []

    def start(self) -> None:
        self.start_workers()
        self.web.__enter__()

    def start_workers(self) -> None:
        self._crew = started_together(*(partial(self._start, role) for role in self._parts))

    def stop_workers(self) -> None:
        """End workers and relay in order."""
        for process in self._crew:
            process.stop()
        self._crew = []

    def stop_web(self) -> None:
        self.web.stop()

    def start_web(self) -> None:
        """Start the web process again, at the same address."""
        self.web = self._new_web(self.port).__enter__()

    def cookies_of(self, user: User) -> list[Any]:
        """What a browser holds in which the user is signed in."""
        client = Client()
        client.force_login(user, backend=BACKEND)
        return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}]

    def _new_web(self, port: int | None = None) -> WebProcess:
        # Not the test's own loop: the web process has to keep Django's rules.
        environment = self.script.environment | {ASYNC_UNSAFE: ""}
        return WebProcess(self._logs / "web.log", environment, module="tests.browser.scripted", port=port)

    def _start(self, role: str) -> RoleProcess:
        return self._start_role(role, *FAULTS, **self.pace.environment, **{ASYNC_UNSAFE: ""})


@contextmanager
def running(logs: Path, *, workers: int = 1) -> Iterator[Stack]:
    """The whole stack, ended with the block; its logs are printed then."""
    with roles(logs) as start_role:
        stack = Stack(logs, start_role, workers=workers)
        try:
            stack.start()
            yield stack
        finally:
            stack.web.stop()
            print(f"--- web.log\n{stack.web.log.read_text(errors='replace')[-4000:]}")
