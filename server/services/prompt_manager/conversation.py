"""The recent messages as a model reads them: as many as there is room for, the oldest left out first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from server.enums.message_role import MessageRole
from server.models.coach_turn import Said
from server.services.prompt_manager.data import block, encoded, keyed
from server.services.prompt_manager.outcomes import is_open, outcomes
from server.services.prompt_manager.prompt import PromptMessage, system

OPEN_ROOM = 2_000
"""Kept free for what is said of the open actions of messages that are left out."""

MARK = "still_open"
STILL_OPEN_WORDS = (
    "Earlier messages are left out. Of their actions, so many of each type are still open, and not done."
)


def conversation(messages: Sequence[Said], room: int) -> tuple[PromptMessage, ...]:
    """The last messages that fit into `room` characters, and the very last whether it fits or not.

    What the user wrote stands in messages of the role `user`, as it was written. What became of a coach's actions
    follows the coach's message.
    """
    parts = _that_fit([_part(said) for said in messages], room - OPEN_ROOM)
    left_out = messages[: len(messages) - len(parts)]
    return (*_still_open(left_out), *(message for part in parts for message in part))


Part = tuple[PromptMessage, ...]
"""One message of the conversation, and what is told about it."""


def _that_fit(parts: Sequence[Part], room: int) -> Sequence[Part]:
    first = len(parts)
    for place in reversed(range(len(parts))):
        room -= size_of(parts[place])
        if room < 0 and place < len(parts) - 1:
            break
        first = place
    return parts[first:]


def size_of(messages: Iterable[PromptMessage]) -> int:
    """The characters of the messages."""
    return sum(len(message.content) for message in messages)


def _part(said: Said) -> Part:
    if said.role is MessageRole.USER:
        return (PromptMessage(role="user", content=said.content),)
    answered = PromptMessage(role="assistant", content=_response(said))
    return (answered, system(outcomes(said.actions))) if said.actions else (answered,)


def _response(said: Said) -> str:
    """The coach's message as the structured response that it was."""
    actions: dict[str, Any] = {one.action_type: {"params": dict(one.parameters)} for one in said.actions}
    return encoded({"message": said.content, **actions})


def _still_open(left_out: Iterable[Said]) -> tuple[PromptMessage, ...]:
    counts = Counter(one.action_type for said in left_out for one in said.actions if is_open(one))
    return (system(f"{STILL_OPEN_WORDS}\n\n{block(MARK, keyed(counts))}"),) if counts else ()
