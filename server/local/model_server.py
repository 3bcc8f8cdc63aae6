"""The stand-in for the model's server, which plays a recorded session: `coach up --coach scripted FILE`."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe

from server.local.child import Role
from server.local.errors import RefusedError
from server.local.ports import LOOPBACK, free_port
from server.local.probes import http_problem
from server.local.run_state import StandInAddress

# Loaded by name: it belongs to `server.testing`, which stands above.
PROGRAM = (sys.executable, "-m", "server.testing.model_server")
ERROR_MARK = "coach: "
CHECK_LIMIT_S = 60.0


class ModelServerRole:
    """The role `model-server`, and what the others must be told of it.

    Raises RefusedError for a session that cannot be played, in the words of whoever reads it.
    """

    def __init__(self, recorded: Path) -> None:
        self._recorded = recorded.resolve()
        self._port = free_port()
        self.address = StandInAddress(
            model="scripted", base_url=f"http://{LOOPBACK}:{self._port}/v1", api_key=token_urlsafe(16)
        )
        _check(self._recorded)

    @property
    def variables(self) -> Mapping[str, str]:
        """The stand-in in the place of whatever the environment names: no key of a real server reaches it."""
        return {
            "COACH_PROVIDER": "scripted",
            "COACH_MODEL": self.address.model,
            "OPENAI_BASE_URL": self.address.base_url,
            "OPENAI_API_KEY": self.address.api_key,
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
    try:
        checked = subprocess.run(
            (*PROGRAM, str(recorded), "--check"),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=CHECK_LIMIT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError(f"{recorded} was not read within {CHECK_LIMIT_S:g} s") from error
    if checked.returncode:
        said = checked.stderr.strip().splitlines() or ["the session cannot be read"]
        raise RefusedError(said[-1].removeprefix(ERROR_MARK))
