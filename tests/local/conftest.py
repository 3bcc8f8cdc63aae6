"""Homes that leave nothing behind."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

END_TIMEOUT_S = 15.0
T = TypeVar("T")


@pytest.fixture
def new_home() -> Iterator[Callable[[], Path]]:
    """Makes empty homes; at the end none of their processes may be alive.

    They lie outside of pytest's own directory, whose permissions pytest takes back while servers run in it.
    """
    homes: list[Path] = []

    def make() -> Path:
        homes.append(Path(tempfile.mkdtemp(prefix="coach-test-")).resolve())
        return homes[-1]

    yield make
    try:
        for home in homes:
            assert_nothing_runs(home)
    finally:
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home_directory(new_home: Callable[[], Path]) -> Path:
    return new_home()


def wait_until(condition: Callable[[], T], what: str, timeout_s: float = 60.0) -> T:
    """What `condition` answers, once that is something."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {timeout_s:g} s, last answer {answer!r}"
        time.sleep(0.05)
    return answer


def assert_nothing_runs(home: Path) -> None:
    """No process of this home is alive, whoever started it."""
    deadline = time.monotonic() + END_TIMEOUT_S
    while left := processes_of(home):
        assert time.monotonic() < deadline, f"left behind in {home}: {left}"
        time.sleep(0.05)


def processes_of(home: Path) -> list[str]:
    """The processes that name this home on their command line or in COACH_HOME."""
    return [f"{process.pid} {process.info['cmdline']}" for process in _all() if _belongs(process, home)]


def _all() -> Iterator[psutil.Process]:
    yield from psutil.process_iter(["cmdline", "status"])


def _belongs(process: psutil.Process, home: Path) -> bool:
    if process.info["status"] == psutil.STATUS_ZOMBIE:
        return False
    try:
        named = process.environ().get("COACH_HOME") == str(home)
    except psutil.Error:
        named = False
    return named or any(str(home) in part for part in process.info["cmdline"] or ())
