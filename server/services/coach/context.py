"""What a coach is told and what it answers: plain values, no rows.

What it is told stands in `server.models`, since a prompt is made of it.
"""

from dataclasses import dataclass

from server.models.coach_chat_response import ChatResponse
from server.models.coach_turn import CoachTurn, KnownIdentity, KnownNote, PastAction, Said

__all__ = ["CoachReply", "CoachTurn", "KnownIdentity", "KnownNote", "PastAction", "Said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachReply:
    """What a coach answers, with the version of the prompt and the model that it comes from."""

    response: ChatResponse
    prompt_version: str
    model: str
