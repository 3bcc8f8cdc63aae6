"""The real command, in a process of its own, against the run's servers."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from server.cli import main
from tests.processes import RoleProcess, wait_until

RUN_LIMIT_S = 60.0

Result = subprocess.CompletedProcess[str]
Coach = Callable[..., Result]


@pytest.fixture
def coach() -> Coach:
    """Runs `coach ARGUMENTS`; `given` is its standard input, other keyword arguments are environment variables."""

    def run(*arguments: object, given: str = "", **environment: str) -> Result:
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *map(str, arguments)],
            input=given,
            env={**os.environ, "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            timeout=RUN_LIMIT_S,
            check=False,
        )

    return run


@pytest.fixture
def coach_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Coach:
    """Runs `coach ARGUMENTS` in this process, which is quicker; `given` is its standard input."""

    def run(*arguments: object, given: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        words = [str(argument) for argument in arguments]
        with pytest.raises(SystemExit) as ended:
            main(words)
        shown = capsys.readouterr()
        return Result(words, int(str(ended.value.code)), shown.out, shown.err)

    return run


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoleProcess]:
    """A worker, and the relay, for all tests of a module."""
    logs = tmp_path_factory.mktemp("roles")
    with ExitStack() as stack:
        relay, process = (RoleProcess(role, logs / f"{role}.log") for role in ("relay", "worker"))
        stack.callback(relay.stop)
        stack.callback(process.stop)
        wait_until(lambda: process.says("ready."), "the worker is ready", timeout_s=RUN_LIMIT_S)
        yield process


def fault(result: Result) -> str:
    """The one line that a failed command leaves on stderr."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("coach: "), result.stderr
    return lines[0].removeprefix("coach: ")
