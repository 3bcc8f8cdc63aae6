"""A coach that cannot answer: why, and what the user is told."""

from collections.abc import Mapping
from types import MappingProxyType

from server.enums.coach_failure_kind import CoachFailureKind

_NOT_SET_UP = (
    "The coach is not set up yet. Your message is kept until whoever looks after this site has done that."
)

SENTENCES: Mapping[CoachFailureKind, str] = MappingProxyType(
    {
        CoachFailureKind.REFUSAL: "The coach would rather not answer this. Try saying it in other words.",
        CoachFailureKind.TRUNCATED: "The coach's answer grew too long and was cut off. Please try again.",
        CoachFailureKind.INVALID_RESPONSE: "The coach's answer came out garbled. Please try again.",
        CoachFailureKind.TIMEOUT: "The coach is taking longer than usual. Please try again.",
        CoachFailureKind.RATE_LIMIT: "The coach has a lot to do just now. Please try again in a moment.",
        CoachFailureKind.UNAVAILABLE: "The coach cannot be reached just now. Please try again in a moment.",
        CoachFailureKind.NO_KEY: _NOT_SET_UP,
        CoachFailureKind.WRONG_KEY: _NOT_SET_UP,
        CoachFailureKind.WRONG_MODEL: _NOT_SET_UP,
    }
)
"""What a user reads of each failure. It names no provider, and nothing of how the site is set up."""


class CoachFailed(Exception):
    """The coach cannot answer this turn.

    The message is the sentence for the user, and all that leaves the server. `retry_after_s` is how long the provider
    asks to be left alone, where it says so. What it answered is the cause.
    """

    def __init__(self, kind: CoachFailureKind, *, retry_after_s: float | None = None) -> None:
        super().__init__(SENTENCES[kind])
        self.kind = kind
        self.retry_after_s = retry_after_s

    @property
    def sentence(self) -> str:
        return SENTENCES[self.kind]
