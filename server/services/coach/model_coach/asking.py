"""Asking the model until it has answered: a few tries, within one deadline."""

import asyncio
import logging
import random
from dataclasses import dataclass, field
from typing import Any, NoReturn

from openai import OpenAIError

from server.services.coach.failure import CoachFailed
from server.services.coach.model_coach.call import Answer, call
from server.services.coach.model_coach.client import ModelClient
from server.services.coach.model_coach.fault import REFUSAL, TIMEOUT, TRUNCATED, AnswerBroke, Fault, fault_of
from server.services.coach.model_coach.telling import Telling
from server.settings.model import ModelSettings

logger = logging.getLogger(__name__)

MOST_TRIES = 3
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
LOGGED_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One turn's questions to the model. `deadline` is a time of the event loop, for all of them together.

    `answers` has each that was begun, those too that broke off or were refused: they were paid for.
    """

    client: ModelClient
    settings: ModelSettings
    telling: Telling
    deadline: float
    answers: list[Answer] = field(default_factory=list)

    async def ask(self, request: dict[str, Any]) -> Answer:
        """The complete answer to a request. Raises `CoachFailed`."""
        answer = await self._until_answered(request)
        if answer.refusal or answer.finish_reason == "content_filter":
            self._give_up(REFUSAL, answer.refusal or "content_filter")
        if answer.finish_reason == "length":
            self._give_up(TRUNCATED, f"{answer.length} characters were written")
        return answer

    async def _until_answered(self, request: dict[str, Any]) -> Answer:
        number = 0
        while True:
            number += 1
            self.answers.append(answer := Answer())
            try:
                async with asyncio.timeout_at(self.deadline):
                    await call(self.client.here(), request, self.telling, answer)
                return answer
            except TimeoutError as error:
                self._give_up(TIMEOUT, "the answer took too long", error)
            except (OpenAIError, AnswerBroke) as error:
                fault = fault_of(error, has_key=bool(self.settings.api_key))
                pause_s = _pause_s(fault, number)
                if not fault.may_pass or number >= MOST_TRIES or self._is_too_long(pause_s):
                    self._give_up(fault, _described(error), error)
                logger.info(
                    "the model is asked again in %.1f s: %s", pause_s, self._redacted(_described(error))
                )
            await asyncio.sleep(pause_s)

    def _is_too_long(self, pause_s: float) -> bool:
        return asyncio.get_running_loop().time() + pause_s >= self.deadline

    def _give_up(self, fault: Fault, why: str, cause: Exception | None = None) -> NoReturn:
        logger.warning("the model did not answer (%s): %s", fault.kind.value, self._redacted(why))
        raise CoachFailed(fault.kind, retry_after_s=fault.retry_after_s) from cause

    def _redacted(self, text: str) -> str:
        """What a server says may quote the key."""
        key = self.settings.api_key
        return (text.replace(key, "…") if key else text)[:LOGGED_CHARACTERS]


def _pause_s(fault: Fault, number: int) -> float:
    """How long to wait after this try: as long as the server asks for, else longer each time. Not all go on at once."""
    if fault.retry_after_s is not None:
        return fault.retry_after_s * random.uniform(1.0, 1.1)
    pause_s: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (number - 1))
    return pause_s * random.uniform(0.75, 1.0)


def _described(error: Exception) -> str:
    cause = f" ({error.__cause__!r})" if error.__cause__ is not None else ""
    return f"{type(error).__name__}: {error}{cause}"
