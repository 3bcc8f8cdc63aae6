"""Faults of the broker, at a named point of somebody's path: the process that `BROKER_PID_FILE` names is its.

Imported before Django is set up: the standard library only at the top.
"""

import os
import signal
import time
from pathlib import Path

VARIABLE = "BROKER_PID_FILE"


def kill() -> None:
    """Kill the broker, and wait until it is dead."""
    os.kill(_pid(), signal.SIGKILL)
    while _state(_pid()) not in ("Z", "gone"):
        time.sleep(0.005)


def stop() -> None:
    """Let the broker stand still: it takes what is sent to it, and answers nothing. Where it has died, that is all."""
    os.kill(_pid(), signal.SIGSTOP)
    while _state(_pid()) not in ("T", "Z", "gone"):
        time.sleep(0.005)


def _pid() -> int:
    return int(Path(os.environ[VARIABLE]).read_text())


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"
