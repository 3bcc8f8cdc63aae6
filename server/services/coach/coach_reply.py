"""What a coach answers. What it is told stands in `server.models.coach_turn`, since a prompt is made of it."""

from dataclasses import dataclass

from server.models.coach_chat_response import ChatResponse
from server.models.left_out import LeftOut
from server.models.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachReply:
    """What a coach answers, with the version of the prompt and the model that it comes from.

    `left_out` are the actions that the coach wanted, and that the response does not have.
    """

    response: ChatResponse
    prompt_version: str
    model: str
    usage: Usage | None = None
    left_out: tuple[LeftOut, ...] = ()
