"""A real web process, and clients of it."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from server.apps.users.models import ApiToken, User
from server.local.ports import free_port
from tests.processes import RoleProcess, wait_until

START_TIMEOUT_S = 90.0


class WebProcess(RoleProcess):
    """`coach web` on a free port, as a user runs it; `environment` is added to the test's own.

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
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        port = f"--port {self.port}"
        if application is None:
            super().__init__(f"web {port}", log, environment=environment, module=module)
        else:
            super().__init__(f"{application} {port}", log, environment=environment, module="uvicorn")

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
