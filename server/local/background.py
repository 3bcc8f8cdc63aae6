"""Commands that a role starts beside itself: each is a process of its own, and none outlives the role."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock, Thread

from server.local.child import Child, Role

NOT_INHERITED = ("COACH_DATABASE_POOL",)
"""What the web tier sets for its threads."""


class CommandFailed(Exception):
    """A command did not do its work. The message has all that it said."""


_lock = Lock()
_running: set[Child] = set()


def start(name: str, *words: str, logs: Path, grace_s: float, when_over: Callable[[int], None]) -> None:
    """Run `coach` with these words and `--end-with`; `when_over` is told its exit code, in another thread.

    `grace_s` is how many seconds it has once it was asked to end.

    Raises `LocalError` where it cannot be started.
    """
    logs.mkdir(parents=True, exist_ok=True)
    role = Role(
        name=name, command=_command_of(*words), environment=_environment_of_commands(), grace_s=grace_s
    )
    child = Child(role, logs / f"{name}.log")
    with _lock:
        _running.add(child)
    Thread(target=_wait_for, args=(child, when_over), name=name, daemon=True).start()


def answer_of(*words: str, timeout_s: float) -> str:
    """What `coach` writes to standard output with these words and `--end-with`.

    Raises `TimeoutError`, having ended it, and `CommandFailed` where its exit code is not 0.
    """
    try:
        done = subprocess.run(
            _command_of(*words),
            env=_environment_of_commands(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"`coach {words[0]}` took longer than {timeout_s:g} s.") from error
    if done.returncode != 0:
        raise CommandFailed(f"`coach {words[0]}` ended with exit code {done.returncode}:\n{done.stderr}")
    return done.stdout


def end_all() -> None:
    """Ask all that run to end, and see to it that they do."""
    with _lock:
        children = list(_running)
    for child in children:
        child.ask_to_end()
    for child in children:
        child.end()


def _command_of(*words: str) -> tuple[str, ...]:
    return sys.executable, "-m", "server.cli", *words, "--end-with", str(os.getpid())


def _environment_of_commands() -> Mapping[str, str]:
    """That of the role."""
    return {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}


def _wait_for(child: Child, when_over: Callable[[int], None]) -> None:
    exit_code = child.wait()
    with _lock:
        _running.discard(child)
    when_over(exit_code)
