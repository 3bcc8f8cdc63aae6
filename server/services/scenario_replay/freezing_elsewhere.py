"""Freezing a conversation from the web tier, which knows no handler: a command does it, in a process of its own."""

import json
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from server.local.background import answer_of
from server.services.scenario_replay.library import NameTaken

TIMEOUT_S = 25.0

_one_at_a_time = Lock()


class CannotFreeze(Exception):
    """There is no scenario. The message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenElsewhere:
    """The row in the library, and what somebody should know of the scenario."""

    id: UUID
    remarks: list[str]


def freeze_elsewhere(
    email: str, *, name: str | None, real_names: bool, replace: bool, added_by: str
) -> FrozenElsewhere:
    """Make a scenario of a user's conversation and keep it in the library; one at a time, who comes later waits.

    Raises `CannotFreeze`, and `NameTaken` where there is one of that name, unless it is to be replaced.
    """
    words = [f"--email={email}", f"--added-by={added_by}"]
    words += [f"--name={name}"] if name else []
    words += ["--real-names"] if real_names else []
    words += ["--replace"] if replace else []
    if not _one_at_a_time.acquire(timeout=TIMEOUT_S):
        raise CannotFreeze("Other conversations are being frozen: try again in a moment.")
    try:
        told = json.loads(answer_of("run-freeze", *words, timeout_s=TIMEOUT_S))
    except TimeoutError as error:
        raise CannotFreeze(
            f"It takes longer than {TIMEOUT_S:g} s: use the command, `coach freeze --library`."
        ) from error
    finally:
        _one_at_a_time.release()
    if "id" in told:
        return FrozenElsewhere(id=UUID(told["id"]), remarks=told["remarks"])
    raise (NameTaken if told["is_taken"] else CannotFreeze)(told["fault"])
