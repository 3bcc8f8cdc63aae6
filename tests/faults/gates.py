"""Places at which a test stops, slows down or fails an action in a running worker, whenever it likes, by files.

Imported before Django is set up.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from server.enums.action_type import ActionType
from server.services.crash_points import CrashPoint
from server.testing.faults import Fault, InjectedFault
from tests.faults.points import WORKER_POINTS

VARIABLE = "GATES"
FAILING = ActionType.SELECT_IDENTITY_FOCUS
"""The action that fails while `Gates.failing`."""


class Gate:
    """A point at which one action waits: the first that comes there, whosever it is, for the gate to be opened."""

    def __init__(self, directory: Path, point: CrashPoint) -> None:
        self._closed, self._taken = directory / point, directory / f"{point}.taken"
        self._taken.unlink(missing_ok=True)  # left by who came while the last gate here was being opened
        self._closed.touch()

    def is_taken(self) -> bool:
        """Whether an action is there."""
        return self._taken.exists()

    def open(self) -> None:
        self._closed.unlink(missing_ok=True)
        self._taken.unlink(missing_ok=True)


class Gates:
    """What the test decides; a worker started with `FAULTS` and `environment` goes by it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.environment = {VARIABLE: str(directory)}

    @contextmanager
    def closed(self, point: CrashPoint) -> Iterator[Gate]:
        """A gate, open again at the end of the block."""
        gate = Gate(self._directory, point)
        try:
            yield gate
        finally:
            gate.open()

    @contextmanager
    def resting(self, up_to_s: float) -> Iterator[None]:
        """Every action takes a while, by chance."""
        with self._written("rest", str(up_to_s)):
            yield

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Every attempt at a `FAILING` action fails."""
        with self._written("fail", ""):
            yield

    @contextmanager
    def _written(self, name: str, text: str) -> Iterator[None]:
        new = self._directory / f"{name}.new"
        new.write_text(text)
        new.rename(self._directory / name)
        try:
            yield
        finally:
            (self._directory / name).unlink()


def rest() -> None:
    try:
        time.sleep(random.uniform(0, float(_file("rest").read_text())))
    except FileNotFoundError:
        return


def fail() -> None:
    if _file("fail").exists():
        raise InjectedFault


def _pass_by(point: CrashPoint) -> None:
    gate = _file(point)
    if gate.exists() and _is_first(_file(f"{point}.taken")):
        while gate.exists():
            time.sleep(0.005)


def _is_first(taken: Path) -> bool:
    try:
        taken.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _file(name: str) -> Path:
    return Path(os.environ[VARIABLE]) / name


before_claim, after_claim, in_handler, after_effect, before_commit, after_commit, after_publish = (
    partial(_pass_by, point) for point in WORKER_POINTS
)

FAULTS = (
    *(Fault(point=point, do=f"{__name__}:{point}", on=None) for point in WORKER_POINTS),
    Fault(point=CrashPoint.IN_HANDLER, do=f"{__name__}:rest", on=None),
    Fault(point=CrashPoint.IN_HANDLER, do=f"{__name__}:fail", on=None, action_type=FAILING),
)
