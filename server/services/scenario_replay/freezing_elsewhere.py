"""Freezing a conversation from the web tier, which knows no handler: the command does it, in a process of its own."""

import subprocess
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from server.local.background import command_of, environment_of_commands

TIMEOUT_S = 25.0
PREFIX = "coach: "

_one_at_a_time = Lock()


class CannotFreeze(Exception):
    """There is no scenario. The message says why; `http_status` is what to answer."""

    def __init__(self, reason: str, http_status: int = 422) -> None:
        super().__init__(reason)
        self.http_status = http_status


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenElsewhere:
    """The row in the library, and what the scenario cannot say."""

    id: UUID
    remarks: list[str]


def freeze_elsewhere(email: str, *, name: str | None, real_names: bool, added_by: str) -> FrozenElsewhere:
    """Make a scenario of a user's conversation and keep it in the library. Raises `CannotFreeze`."""
    words = ["freeze", f"--email={email}", "--library", f"--added-by={added_by}"]
    words += [f"--name={name}"] if name else []
    words += ["--real-names"] if real_names else []
    if not _one_at_a_time.acquire(blocking=False):
        raise CannotFreeze("Another conversation is being frozen: try again in a moment.", http_status=409)
    try:
        done = subprocess.run(
            command_of(*words),
            env=environment_of_commands(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotFreeze(
            f"It takes longer than {TIMEOUT_S:g} s: freeze it by the command `coach freeze --library`."
        ) from error
    finally:
        _one_at_a_time.release()
    said = done.stderr.strip().splitlines()
    if done.returncode != 0:
        raise CannotFreeze((said or ["It did not say why."])[-1].removeprefix(PREFIX))
    return FrozenElsewhere(id=UUID(done.stdout.strip()), remarks=said)
