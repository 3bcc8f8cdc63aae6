"""Asking a model coach that asks a stand-in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from server.enums.coaching_phase import CoachingPhase
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, Said
from server.services.coach.coach_reply import CoachReply
from server.services.coach.failure import CoachFailed
from server.services.coach.model_coach import asking
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.says import Says
from server.settings.model import ModelSettings
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step

MODEL = "gpt-6.1-terra"
TURN = CoachTurn(
    phase=CoachingPhase.INTRODUCTION,
    user_ref="someone",
    messages=(Said(role=MessageRole.USER, content="hello"),),
)
HELLO = Step(answer={"message": "Hello. How are you?"})


@dataclass
class Heard:
    """What was told, as a page would show it: `shown` is the text, `agains` how often it was written anew."""

    shown: str = ""
    pieces: list[str] = field(default_factory=list)
    agains: int = 0

    def piece(self, text: str) -> None:
        assert text, "an empty piece was told"
        self.pieces.append(text)
        self.shown += text

    def again(self) -> None:
        assert self.shown, "what was never told was taken back"
        self.agains += 1
        self.shown = ""


def settings_of(server: ModelServer, **fields: Any) -> ModelSettings:
    known = {"model": MODEL, "api_key": server.key, "base_url": server.base_url, "names_users": True}
    return ModelSettings(**{**known, **fields})


async def reply_of(coach: ModelCoach, turn: CoachTurn = TURN, says: Says | None = None) -> CoachReply:
    """The reply; the text that was told must be its message."""
    heard = says or Heard()
    try:
        reply = await coach.reply(turn, heard)
    finally:
        await coach.aclose()
    if isinstance(heard, Heard):
        assert heard.shown == reply.response.message
    return reply


def ask(server: ModelServer, turn: CoachTurn = TURN, says: Says | None = None, **settings: Any) -> CoachReply:
    """The reply to one turn. Raises `CoachFailed`."""
    return asyncio.run(reply_of(ModelCoach(settings_of(server, **settings)), turn, says))


def failure_of(server: ModelServer, **settings: Any) -> CoachFailed:
    """How one turn fails."""
    with pytest.raises(CoachFailed) as failed:
        ask(server, **settings)
    return failed.value


@contextmanager
def quick_pauses() -> Iterator[None]:
    """Between two tries hardly any time passes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "FIRST_PAUSE_S", 0.01)
        yield


def in_phase(phase: CoachingPhase) -> CoachTurn:
    return replace(TURN, phase=phase)
