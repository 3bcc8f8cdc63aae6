"""The providers `openai` and `scripted`: a language model answers."""

import asyncio
import logging
from collections.abc import Sequence
from decimal import Decimal

from openai.types import CompletionUsage

from server.enums.coach_failure_kind import CoachFailureKind
from server.models.coach_turn import CoachTurn
from server.models.left_out import LeftOut
from server.models.usage import Usage
from server.services.action_handler.utils.dynamic_schema import ChatResponse, phase_response_model
from server.services.coach.coach_reply import CoachReply
from server.services.coach.failure import CoachFailed
from server.services.coach.model_coach.asking import Asking
from server.services.coach.model_coach.call import Answer, request_of
from server.services.coach.model_coach.checking import Checked, check
from server.services.coach.model_coach.client import ModelClient
from server.services.coach.model_coach.telling import Telling
from server.services.coach.says import Says
from server.services.prompt_manager.assembly import assemble
from server.services.prompt_manager.phases import allowed_actions
from server.services.prompt_manager.prompt import PromptMessage
from server.settings.model import ModelSettings, Price

logger = logging.getLogger(__name__)

MODEL_NAME_LIMIT = 128
"""What a message's row holds of the name that a server gives its model."""

REPAIR = """\
Your last answer cannot be used:
{problems}
Answer the user's last message once more: the same message to the user, unless it is named above, and the actions with
this mended. Where you cannot mend an action, leave it null. Do not speak of this correction."""


class ModelCoach:
    """Asks the model, and accepts its actions only from a complete answer that holds to every rule.

    An answer that breaks a rule is sent back once, with what is wrong. If that was in vain, the message alone is the
    reply, and its actions are left out, each with a reason.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client = ModelClient(settings)

    async def reply(self, turn: CoachTurn, says: Says) -> CoachReply:
        return await _Reply(self._settings, self._client, turn, says).give()

    async def aopen(self) -> None:
        self._client.here()

    async def aclose(self) -> None:
        await self._client.aclose()


class _Reply:
    """One turn's reply in the making."""

    def __init__(self, settings: ModelSettings, client: ModelClient, turn: CoachTurn, says: Says) -> None:
        self._settings = settings
        self._user_ref = turn.user_ref
        self._phase = turn.phase
        self._model = phase_response_model(allowed_actions(turn.phase))
        self._prompt = assemble(turn)
        self._telling = Telling(says)
        deadline = asyncio.get_running_loop().time() + settings.answer_timeout_s
        self._asking = Asking(client=client, settings=settings, telling=self._telling, deadline=deadline)
        self._answers: list[Answer] = []

    async def give(self) -> CoachReply:
        checked = await self._ask(self._prompt.messages)
        if checked.problems:
            checked = await self._repaired(checked)
        if checked.response is None:
            raise CoachFailed(CoachFailureKind.INVALID_RESPONSE)
        self._telling.settle(checked.response.message)
        return self._reply(checked.response, checked.left_out)

    async def _ask(self, messages: Sequence[PromptMessage]) -> Checked:
        request = request_of(self._settings, messages, self._model, self._user_ref)
        answer = await self._asking.ask(request)
        self._answers.append(answer)
        checked = check(answer.text, self._phase)
        if checked.problems:
            logger.warning("the model's answer breaks rules: %s", " ".join(checked.problems))
        return checked

    async def _repaired(self, broken: Checked) -> Checked:
        """What the model makes of its answer once it is told what is wrong; the better one of the two."""
        problems = "\n".join(f"- {problem}" for problem in broken.problems)
        correction = (
            PromptMessage(role="assistant", content=self._answers[-1].text),
            PromptMessage(role="system", content=REPAIR.format(problems=problems)),
        )
        try:
            repaired = await self._ask((*self._prompt.messages, *correction))
        except CoachFailed:
            if broken.response is None:
                raise
            return broken
        return broken if repaired.response is None else repaired

    def _reply(self, response: ChatResponse, left_out: tuple[LeftOut, ...]) -> CoachReply:
        if left_out:
            names = " ".join(one.action_type for one in left_out)
            logger.warning("the message alone is the reply, without: %s", names)
        return CoachReply(
            response=response,
            prompt_version=self._prompt.version,
            model=(self._answers[-1].model or self._settings.model)[:MODEL_NAME_LIMIT],
            usage=_usage([one.usage for one in self._asking.answers if one.usage], self._settings.price),
            left_out=left_out,
        )


def _usage(used: Sequence[CompletionUsage], price: Price | None) -> Usage | None:
    """What all answers took together, those that could not be used among them; None where the server does not say."""
    if not used:
        return None
    tokens = {
        "input_tokens": sum(one.prompt_tokens for one in used),
        "cached_input_tokens": sum(_cached(one) for one in used),
        "output_tokens": sum(one.completion_tokens for one in used),
    }
    cost_usd: Decimal | None = price.of(**tokens) if price else None
    return Usage(**tokens, cost_usd=cost_usd)


def _cached(used: CompletionUsage) -> int:
    details = used.prompt_tokens_details
    return (details.cached_tokens or 0) if details is not None else 0
