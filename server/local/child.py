"""A role, and the process that plays it."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from server.local.accounts import Account, as_account
from server.local.errors import LocalError
from server.local.logs import open_log
from server.local.processes import ProcessId, kill_group


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What to run, and how to end it.

    Roles with a lower `stop_order` are ended first, equal ones together. `before_start` runs at every start.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    directory: Path | None = None
    stop_order: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    grace_s: float = 10.0
    before_start: Callable[[], None] | None = None


class Child:
    """One process that plays a role, in a session of its own: a terminal's Ctrl-C does not reach it."""

    def __init__(self, role: Role, log: Path) -> None:
        self.role = role
        self.log = log
        self.started_at = time.monotonic()
        if role.before_start is not None:
            role.before_start()
        self._process = _spawn(role, log)
        self.process_id = _identify(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number where a signal ended it."""
        return self._process.poll()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.started_at

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self._process.wait()

    def ask_to_end(self) -> None:
        if self.exit_code is None:
            self._process.send_signal(self.role.stop_signal)

    def kill(self) -> None:
        """End it at once, with the processes that it started itself."""
        if self.exit_code is not None:
            return
        if self.role.kill_signal == signal.SIGKILL:
            kill_group(self.pid)
        else:
            self._process.send_signal(self.role.kill_signal)
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            kill_group(self.pid)
            self._process.wait()

    def end(self) -> None:
        """Ask it to end, and kill it after its grace."""
        self.ask_to_end()
        try:
            self._process.wait(self.role.grace_s)
        except subprocess.TimeoutExpired:
            self.kill()


def _spawn(role: Role, log: Path) -> subprocess.Popen[bytes]:
    with open_log(log) as output:
        try:
            return subprocess.Popen(
                role.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(role.environment),
                cwd=role.directory,
                start_new_session=True,
                **as_account(role.account),
            )
        except OSError as error:
            raise LocalError(f"{role.name} cannot be started: {error}.") from error


def _identify(pid: int) -> ProcessId:
    # The child is unreaped, so its pid is its own. No record can match one that was gone before it was asked.
    try:
        return ProcessId.of(pid)
    except psutil.NoSuchProcess:
        return ProcessId(pid=pid, created=0.0)
