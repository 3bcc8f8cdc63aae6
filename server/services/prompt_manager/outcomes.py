"""What the coach is told of the actions of an earlier message: only what succeeded is told as done."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Literal

from server.enums.action_status import ActionStatus
from server.models.coach_turn import PastAction
from server.services.prompt_manager.data import block, listed

Outcome = Literal["done", "nothing_to_do", "rejected", "failed", "cancelled", "open"]

OUTCOMES = MappingProxyType[ActionStatus, Outcome](
    {
        ActionStatus.QUEUED: "open",
        ActionStatus.RUNNING: "open",
        ActionStatus.RETRYING: "open",
        ActionStatus.PARKED: "open",
        ActionStatus.SUCCEEDED: "done",
        ActionStatus.SKIPPED: "nothing_to_do",
        ActionStatus.REJECTED: "rejected",
        ActionStatus.DEAD: "failed",
        ActionStatus.CANCELLED: "cancelled",
    }
)
"""What each status is called in a prompt; `system.md` says what the words mean."""

MARK = "outcomes"
OUTCOME_WORDS = (
    "What has become of the actions of your message above, as of now. Only what is `done` has happened."
)


def outcomes(actions: Iterable[PastAction]) -> str:
    """What became of each action of one message, in order."""
    return f"{OUTCOME_WORDS}\n\n{block(MARK, listed(map(_told, actions)))}"


def is_open(action: PastAction) -> bool:
    return OUTCOMES[action.status] == "open"


def _told(action: PastAction) -> dict[str, str]:
    outcome = OUTCOMES[action.status]
    return {"action": action.action_type, "outcome": outcome, **_why(action, outcome)}


def _why(action: PastAction, outcome: Outcome) -> dict[str, str]:
    """What may help the coach. What went wrong inside us does not, and an open action's summary is of an attempt."""
    match outcome:
        case "done" | "nothing_to_do":
            return {"summary": action.result_summary}
        case "rejected":
            return {"reason": action.reason or action.result_summary}
        case "failed" | "cancelled" | "open":
            return {}
