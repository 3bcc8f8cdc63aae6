"""Real roles in processes of their own, as `coach up` runs them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import psutil

from tests.contracts.sources import ROOT

WAIT_S = 30.0
END_S = 90.0
STACK_LENGTH = 6_000
WATCHDOG = 1
"""The exit code of a worker whose watchdog found an attempt far beyond its time limit, as after a pause."""

T = TypeVar("T")


class RoleProcess:
    """One running role. Its output is in `log`.

    `environment` is added to the test's own; `module` is run in the place of the `coach` command.
    """

    def __init__(
        self,
        role: str,
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        module: str = "server.cli",
    ) -> None:
        self.log = log
        self._file = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *role.split()],
            stdout=self._file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONFAULTHANDLER": "1", **(environment or {})},
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still, as after SIGSTOP."""
        return psutil.Process(self.pid).status() == psutil.STATUS_STOPPED

    def says(self, text: str) -> bool:
        return text in self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a crash would."""
        self.signal(signal.SIGKILL)
        self._process.wait(WAIT_S)

    def stop(self) -> None:
        """End it in order. Raises `AssertionError` where it must be ended by force, with where it stood."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self._process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGABRT)  # Python writes the stack of each thread, and ends
            self._process.wait(WAIT_S)
            stood_at = self.log.read_text(errors="replace")[-STACK_LENGTH:]
            raise AssertionError(f"{self.log.name} was told to end {WAIT_S:g} s ago:\n{stood_at}") from None
        finally:
            self._file.close()


def run_to_its_end(*arguments: str, timeout_s: float) -> tuple[int, str]:
    """Run `python -m` with these arguments: its exit code, and what it printed.

    It starts processes of its own, so where it takes too long, or the test is ended, it is asked to end them, and has
    `END_S` for that. Raises `subprocess.TimeoutExpired`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        printed, _ = process.communicate(timeout=timeout_s)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.communicate(timeout=END_S)
            finally:
                process.kill()
    return process.returncode, printed


def wait_until(condition: Callable[[], T], what: str, *, timeout_s: float = WAIT_S) -> T:
    """Wait for a true answer and return it. Raises `AssertionError` naming `what` after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s in vain for: {what} (last: {answer!r})"
        time.sleep(0.02)
    return answer
