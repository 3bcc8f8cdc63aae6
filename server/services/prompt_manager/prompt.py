"""What is sent to a model: its messages, and the version that they were made from."""

from dataclasses import dataclass
from typing import Literal

from server.enums.coaching_phase import CoachingPhase

PromptRole = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptMessage:
    """One message. Those of the role `user` hold what the user wrote and nothing else."""

    role: PromptRole
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """All that a model reads beside the response schema.

    `version` names what the prompt was made from: the prompt files, what is said of the actions, the schema and our
    fixed words, but nothing of the user's.
    """

    phase: CoachingPhase
    version: str
    messages: tuple[PromptMessage, ...]


def system(content: str) -> PromptMessage:
    """A message of ours."""
    return PromptMessage(role="system", content=content)
