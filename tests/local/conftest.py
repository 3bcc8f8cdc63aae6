"""Homes that leave nothing behind."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes import wait_until

END_TIMEOUT_S = 15.0


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


def assert_nothing_runs(home: Path) -> None:
    """No process of this home is alive, whoever started it."""
    left: list[str] = []

    def is_empty() -> bool:
        left[:] = processes_of(home)
        return not left

    try:
        wait_until(is_empty, f"the processes of {home} to end", timeout_s=END_TIMEOUT_S)
    except AssertionError as error:
        raise AssertionError(f"{error}; left behind: {left}") from error


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
