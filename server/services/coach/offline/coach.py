"""The offline coach: it walks a user through the phases by simple rules, without a network or a model.

Its answer depends on the turn and on nothing else.
"""

from collections.abc import Iterable
from dataclasses import replace

from server.enums.message_role import MessageRole
from server.models.coach_chat_response import ChatResponse
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.utils.dynamic_schema import phase_response_model
from server.services.coach.coach_reply import CoachReply
from server.services.coach.offline.answer import Answer, Heard
from server.services.coach.offline.everywhere import everywhere
from server.services.coach.offline.expectation import expect, type_of
from server.services.coach.offline.identities import last_coach_text
from server.services.coach.offline.rules import RULES
from server.services.coach.offline.words import clean
from server.services.coach.says import Says
from server.services.prompt_manager.phases import PHASE_PROMPTS, allowed_actions

MODEL = "offline"


class OfflineCoach:
    """The provider `offline`. It tells its message in one piece."""

    async def reply(self, turn: CoachTurn, says: Says) -> CoachReply:
        response = respond(turn)
        says.piece(response.message)
        return CoachReply(response=response, prompt_version=PHASE_PROMPTS[turn.phase].version, model=MODEL)

    async def aopen(self) -> None:
        """There is nothing to open."""

    async def aclose(self) -> None:
        """There is nothing to close."""


def respond(turn: CoachTurn) -> ChatResponse:
    """The structured response: an answer to what the user wrote, then the question that comes next."""
    answer = _answer(turn)
    after = expect(turn, answer.actions)
    question = RULES[after.phase].ask(after)
    message = "\n\n".join(part for part in (answer.said, question) if part)
    model = phase_response_model(allowed_actions(turn.phase))
    return model.model_validate({"message": message, **_fields(answer.actions)})


def _answer(turn: CoachTurn) -> Answer:
    rules = RULES[turn.phase]
    asked, text = _split(turn)
    if said := everywhere(asked, text, rules.help):
        return said
    return rules.answer(asked, Heard(text=text, answers=rules.ask(asked) in last_coach_text(asked)))


def _split(turn: CoachTurn) -> tuple[CoachTurn, str]:
    """The turn as it was when the coach last asked, and what the user has written since."""
    if not turn.messages or turn.messages[-1].role is not MessageRole.USER:
        return turn, ""
    return replace(turn, messages=turn.messages[:-1]), clean(turn.messages[-1].content)


def _fields(actions: Iterable[ActionParams]) -> dict[str, object]:
    return {type_of(params).value: {"params": params.model_dump(mode="json")} for params in actions}
