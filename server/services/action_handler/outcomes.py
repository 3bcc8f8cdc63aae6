"""What a handler may answer."""

from dataclasses import dataclass

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind


class NoSentenceError(ValueError):
    """An outcome tells a person nothing: write the sentence."""


def _check_sentence(outcome: object, sentence: str) -> None:
    if not sentence.strip():
        raise NoSentenceError(
            f"{type(outcome).__name__} has a blank sentence: write what a person is to read"
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """The user's state was changed. `summary` is one plain sentence for a person.

    Raises `NoSentenceError` for a blank one, as the others do.
    """

    summary: str

    def __post_init__(self) -> None:
        _check_sentence(self, self.summary)


@dataclass(frozen=True, slots=True)
class Skipped:
    """There was nothing to do; the state is as the action wants it. `reason` is one plain sentence for a person.

    See `Rejected` for an action that can never succeed.
    """

    reason: str

    def __post_init__(self) -> None:
        _check_sentence(self, self.reason)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The action can never succeed as it stands and is not retried. `reason` is one plain sentence for a person.

    See `Skipped` for an action with nothing to do. A handler's helper deeper down raises `Refusal` instead.
    """

    reason: str
    kind: ErrorKind = ErrorKind.INVALID_PARAMS

    def __post_init__(self) -> None:
        _check_sentence(self, self.reason)


Outcome = Applied | Skipped | Rejected


def not_allowed(action_type: ActionType, phase: CoachingPhase) -> Rejected:
    """The action is none of the phase's."""
    reason = f'"{action_type.label}" is not allowed in the phase {phase.label}.'
    return Rejected(reason, ErrorKind.NOT_ALLOWED)


class Refusal(Exception):
    """Carries a `Rejected` from a helper (an id that is nobody's, an archived target) to the executor."""

    def __init__(self, reason: str, kind: ErrorKind) -> None:
        super().__init__(reason)
        self.rejected = Rejected(reason, kind)
