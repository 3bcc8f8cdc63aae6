"""The stand-in for the model's server, which plays a recorded session: `coach up --coach scripted FILE`."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe

from server.local.child import Role
from server.local.errors import RefusedError
from server.local.ports import LOOPBACK, free_port
from server.local.probes import http_problem

# Loaded by name: it belongs to `server.testing`, which stands above.
PROGRAM = (sys.executable, "-m", "server.testing.model_server")
ERROR_MARK = "coach: "


class ModelServerRole:
    """The role `model-server`, and what the others must be told of it.

    Raises RefusedError for a session that cannot be played, in the words of whoever reads it.
    """

    def __init__(self, recorded: Path) -> None:
        self._recorded = recorded.resolve()
        self._port = free_port()
        self._key = token_urlsafe(16)
        _check(self._recorded)

    @property
    def variables(self) -> Mapping[str, str]:
        """The stand-in in the place of whatever the environment names: no key of a real server reaches it."""
        hosts = [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), LOOPBACK]
        no_proxy = ",".join(host for host in hosts if host)
        return {
            "COACH_PROVIDER": "scripted",
            "COACH_MODEL": "scripted",
            "OPENAI_BASE_URL": f"http://{LOOPBACK}:{self._port}/v1",
            "OPENAI_API_KEY": self._key,
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
        }

    def role(self, environment: Mapping[str, str]) -> Role:
        return Role(
            name="model-server",
            command=(*PROGRAM, str(self._recorded), "--port", str(self._port)),
            environment=environment,
            stop_order=1,
        )

    def problem(self) -> str | None:
        return http_problem(self._port, "/healthz")


def _check(recorded: Path) -> None:
    checked = subprocess.run(
        (*PROGRAM, str(recorded), "--check"),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if checked.returncode:
        said = checked.stderr.strip().splitlines() or ["the session cannot be read"]
        raise RefusedError(said[-1].removeprefix(ERROR_MARK))
