"""What passes between the rules of the offline coach."""

from collections.abc import Callable
from dataclasses import dataclass

from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.base import ActionParams
from server.services.coach.offline import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the user has just written.

    `answers` says whether the coach's last message asked what the coach would ask now: a "yes" counts only then.
    """

    text: str
    answers: bool

    @property
    def yes(self) -> bool:
        return self.answers and words.says_yes(self.text)

    @property
    def no(self) -> bool:
        return self.answers and words.says_no(self.text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the coach says to the user's words, before it asks on, and what it wants done."""

    said: str = ""
    actions: tuple[ActionParams, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRules:
    """How the offline coach leads a phase.

    `ask` is the question that the phase has for the user as things stand, `answer` what the coach makes of the user's
    words, `help` what one can say. The coach's message is the answer and then the question as things are expected to
    stand after the answer's actions. As `ask` depends on nothing but the turn, the coach can tell at the next turn
    whether it has asked.
    """

    ask: Callable[[CoachTurn], str]
    answer: Callable[[CoachTurn, Heard], Answer]
    help: str
