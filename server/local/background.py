"""Commands that a role starts beside itself: each is a process of its own, and none outlives the role."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock, Thread

from server.local.child import Child, Role

NOT_INHERITED = ("COACH_DATABASE_POOL",)
"""What the web tier sets for its threads."""

_lock = Lock()
_running: set[Child] = set()


def command_of(*words: str) -> tuple[str, ...]:
    """How to run `coach` with these words."""
    return sys.executable, "-m", "server.cli", *words


def environment_of_commands() -> Mapping[str, str]:
    """The environment of a command: that of the role."""
    return {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}


def start(name: str, *words: str, logs: Path, when_over: Callable[[int], None]) -> None:
    """Run `coach` with these words and `--end-with`; `when_over` is told its exit code, in another thread.

    Raises `LocalError` where it cannot be started.
    """
    logs.mkdir(parents=True, exist_ok=True)
    command = command_of(*words, "--end-with", str(os.getpid()))
    child = Child(
        Role(name=name, command=command, environment=environment_of_commands()), logs / f"{name}.log"
    )
    with _lock:
        _running.add(child)
    Thread(target=_wait_for, args=(child, when_over), name=name, daemon=True).start()


def end_all() -> None:
    """Ask all that run to end, and see to it that they do."""
    with _lock:
        children = list(_running)
    for child in children:
        child.ask_to_end()
    for child in children:
        child.end()


def _wait_for(child: Child, when_over: Callable[[int], None]) -> None:
    exit_code = child.wait()
    with _lock:
        _running.discard(child)
    when_over(exit_code)
