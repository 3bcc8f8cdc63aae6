"""A home's lock, its secrets, its record of what runs, and its logs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from server.local.errors import RefusedError
from server.local.home import Home
from server.local.logs import keep_small, open_log, tail
from server.local.ports import free_port, is_free, settle
from server.local.processes import ProcessId
from server.local.run_state import ProcessRecord, RunState, end_leftovers, this_process


@pytest.fixture
def home(home_directory: Path) -> Home:
    home = Home(home_directory)
    home.prepare()
    return home


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def state_with(process: ProcessId) -> RunState:
    record = ProcessRecord(role="web", pid=process.pid, created=process.created, state="running")
    return RunState(phase="ready", supervisor=this_process(), processes=(record,))


def test_a_secret_is_made_once_and_only_this_user_can_read_it(home: Home) -> None:
    assert home.secret("flower_auth", prefix="coach:") == home.secret("flower_auth")
    assert (home.path / "flower_auth").stat().st_mode & 0o077 == 0


def test_a_home_is_held_by_one_and_names_it(home: Home) -> None:
    assert home.holder() is None
    with home.lock():
        assert home.holder() == os.getpid()
        with pytest.raises(RefusedError, match=f"pid {os.getpid()}"), home.lock():
            pass
    assert home.holder() is None


def test_leftovers_that_are_provably_ours_are_ended(home: Home, sleeper: subprocess.Popen[bytes]) -> None:
    state_with(ProcessId.of(sleeper.pid)).write(home)
    assert [record.pid for record in end_leftovers(home)] == [sleeper.pid]
    assert not psutil.pid_exists(sleeper.pid)
    assert RunState.read(home) is None


def test_a_pid_that_was_given_away_again_is_left_alone(home: Home, sleeper: subprocess.Popen[bytes]) -> None:
    now = ProcessId.of(sleeper.pid)
    state_with(ProcessId(pid=now.pid, created=now.created - 3600)).write(home)
    assert end_leftovers(home) == []
    assert psutil.Process(sleeper.pid).is_running()


def test_the_record_comes_back_as_it_was_written_and_is_closed_to_others(home: Home) -> None:
    state = state_with(ProcessId.of(os.getpid()))
    state.write(home)
    assert RunState.read(home) == state
    assert home.run_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"phase": "ready"}'])
def test_a_record_that_cannot_be_read_is_no_record(home: Home, text: str) -> None:
    home.run_file.write_text(text)
    assert RunState.read(home) is None
    assert end_leftovers(home) == []


def test_a_home_that_cannot_be_made_is_named(home: Home) -> None:
    (home.path / "file").touch()
    with pytest.raises(RefusedError, match=r"file/home.*cannot be used"):
        Home(home.path / "file" / "home").prepare()


def test_a_long_log_is_moved_aside_while_it_is_written(home: Home) -> None:
    log = home.logs / "web.log"
    with open_log(log) as writer:
        writer.write(b"old\n" * 100)
        writer.flush()
        keep_small(log, limit=100)
        writer.write(b"new\n")
    assert log.read_text() == "new\n"
    assert (home.logs / "web.log.1").read_text() == "old\n" * 100
    assert tail(log) == ["new"]


def test_a_busy_port_is_refused_and_zero_takes_a_free_one() -> None:
    assert is_free(settle(0, "--port"))
    port = free_port()
    listen = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); print(flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", listen], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.readline()
        try:
            with pytest.raises(RefusedError, match=rf"Port {port} is in use.*--port 0"):
                settle(port, "--port")
        finally:
            program.kill()
    with pytest.raises(RefusedError, match="--port 70000 is not a port"):
        settle(70_000, "--port")


def test_a_process_never_chooses_a_port_twice() -> None:
    chosen = [free_port() for _ in range(600)]
    assert len(set(chosen)) == len(chosen)
