"""How fast the actions run, and which attempt fails: a test decides it, by files, for the workers that it started.

Imported before Django is set up.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.services.crash_points import CrashPoint
from server.testing.faults import Fault, InjectedFault

VARIABLE = "PACE"
LOOK_S = 0.005


class Pace:
    """What the test decides; a worker started with `FAULTS` and `environment` goes by it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._held, self._step, self._fails = (directory / name for name in ("held", "step", "fails"))
        self.environment = {VARIABLE: str(directory)}

    @contextmanager
    def held(self) -> Iterator["Pace"]:
        """Every action waits in the middle of its attempt until `step` lets it go on, or the block ends."""
        self._step.unlink(missing_ok=True)
        self._held.touch()
        try:
            yield self
        finally:
            self._held.unlink()
            self._step.unlink(missing_ok=True)

    def step(self) -> None:
        """Let one go on: the one that waits, or the next to come."""
        self._step.touch()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Every attempt fails."""
        self._fails.touch()
        try:
            yield
        finally:
            self._fails.unlink()


def wait() -> None:
    held, step = _file("held"), _file("step")
    while held.exists() and not _taken(step):
        time.sleep(LOOK_S)


def fail() -> None:
    if _file("fails").exists():
        raise InjectedFault


def _taken(file: Path) -> bool:
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def _file(name: str) -> Path:
    return Path(os.environ[VARIABLE]) / name


FAULTS = tuple(
    Fault(point=CrashPoint.IN_HANDLER, do=f"{__name__}:{deed.__name__}", on=None) for deed in (wait, fail)
)
