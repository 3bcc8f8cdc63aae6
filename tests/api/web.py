"""A real web process, and clients of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from server.apps.users.models import ApiToken, User

START_TIMEOUT_S = 90.0
END_TIMEOUT_S = 10.0
T = TypeVar("T")


class WebProcess:
    """`coach web` on a free port, as a user runs it; `environment` is added to the test's own.

    `application` is served by the same server in the place of `server.asgi:application`.
    """

    def __init__(
        self, log: Path, environment: Mapping[str, str] | None = None, *, application: str | None = None
    ) -> None:
        self.port = free_port()
        self._command = ["-m", "server.cli", "web"]
        if application is not None:
            self._command = ["-m", "uvicorn", application]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        command = [sys.executable, *self._command, "--port", str(self.port)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)
        try:
            wait_until(self._answers, timeout_s=START_TIMEOUT_S)
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def end(self) -> None:
        """End it as a supervisor would."""
        self.process.terminate()
        try:
            self.process.wait(END_TIMEOUT_S)
        finally:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def client(self, **options: Any) -> httpx.Client:
        """A client of nobody."""
        options.setdefault("timeout", 30)
        return httpx.Client(base_url=f"{self.url}/api/v1/", **options)

    def client_of(self, user: User, **options: Any) -> httpx.Client:
        """A program with the user's token."""
        return self.client(headers=bearer(user), **options)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"the web process ended:\n{self.log}"
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def bearer(user: User) -> dict[str, str]:
    """The header of a program with a new token of the user."""
    return {"Authorization": f"Bearer {ApiToken.objects.issue(user)}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], T], *, timeout_s: float = 10.0) -> T:
    """The condition's first true answer. Raises `AssertionError` where none comes in time."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, (
            f"{condition} does not hold after {timeout_s} s, but is {answer!r}"
        )
        time.sleep(0.02)
    return answer
