"""A real web process, and clients of it."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from server.apps.users.models import ApiToken, User
from server.apps.users.sign_ins import ByToken
from server.local.ports import free_port
from tests.processes import RoleProcess, wait_until
from tests.servers import SETTINGS

START_TIMEOUT_S = 90.0
SOME_SIGN_IN = ByToken(token_id=0)
"""What opens a stream that ends before it is asked whether this still holds."""


class WebProcess(RoleProcess):
    """`coach web`, as a user runs it, on `port` or a free one; `environment` is added to the test's own.

    `application` is served by the same server in the place of `server.asgi:application`. `module` is run in the place
    of the `coach` command.
    """

    def __init__(
        self,
        log: Path,
        environment: Mapping[str, str] | None = None,
        *,
        application: str | None = None,
        module: str = "server.cli",
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        role = f"{application or 'web'} --port {self.port}"
        environment = {"DJANGO_SETTINGS_MODULE": SETTINGS, **(environment or {})}
        super().__init__(role, log, environment=environment, module="uvicorn" if application else module)

    def __enter__(self) -> Self:
        try:
            wait_until(self._answers, "the web process answers", timeout_s=START_TIMEOUT_S)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def open_streams(self) -> float:
        """How many event streams it holds open, as it says itself."""
        lines = httpx.get(f"{self.url}/metrics").text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("coach_open_streams "))

    def client(self, **options: Any) -> httpx.Client:
        """A client of nobody."""
        options.setdefault("timeout", 30)
        return httpx.Client(base_url=f"{self.url}/api/v1/", **options)

    def client_of(self, user: User, **options: Any) -> httpx.Client:
        """A program with the user's token."""
        return self.client(headers=bearer(user), **options)

    def _answers(self) -> bool:
        assert self.exit_code is None, f"the web process ended:\n{self.log.read_text()}"
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def bearer(user: User) -> dict[str, str]:
    """The header of a program with a new token of the user."""
    return {"Authorization": f"Bearer {ApiToken.objects.issue(user)}"}
