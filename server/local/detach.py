"""`coach up --detach`: start the system in a session of its own and follow it until it is ready."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from server.local.errors import LocalError
from server.local.home import Home
from server.local.logs import open_log
from server.local.run_state import RunState

POLL_S = 0.05
# How the command's one-line errors begin.
ERROR_MARK = "coach: "


class DetachedError(LocalError):
    """The system in the background ended before it was ready; the message and the exit code are its own."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code if exit_code > 0 else 1


def start_detached(home: Home, arguments: Sequence[str], say: Callable[[str], None]) -> None:
    """Run `coach up` with these arguments in the background, and pass on what it says until it is ready.

    Raises DetachedError where it ends instead, and ends it where the caller is interrupted.
    """
    home.prepare()
    log = home.logs / "up.log"
    with open_log(log) as output:
        start = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "up", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    try:
        _follow(process, home, log, start, say)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait()
        raise


def _follow(
    process: subprocess.Popen[bytes], home: Home, log: Path, start: int, say: Callable[[str], None]
) -> None:
    error = f"`coach up` ended: see {log}."
    with log.open() as lines:
        lines.seek(start)
        while True:
            # Asked before the log is read: what was said before the end or the readiness is then in it.
            exit_code, ready = process.poll(), _is_ready(home, process.pid)
            for line in lines.read().splitlines():
                if line.startswith(ERROR_MARK):
                    error = line.removeprefix(ERROR_MARK)
                else:
                    say(line)
            if exit_code is not None:
                raise DetachedError(error, exit_code)
            if ready:
                return
            time.sleep(POLL_S)


def _is_ready(home: Home, supervisor: int) -> bool:
    state = RunState.read(home)
    return state is not None and state.phase == "ready" and state.supervisor.pid == supervisor
