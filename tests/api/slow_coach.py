"""The web tier with a coach that thinks until the test lets it answer: it stands for a model that is far away.

Serve with `uvicorn tests.api.slow_coach:application`. The file that COACH_TEST_GATE names says what the coach does:
while it is not there, the coach thinks; "answer" and "fail" end that.
"""

import asyncio
import os
from pathlib import Path

from server.asgi import application
from server.models.coach_chat_response import CoachChatResponse
from server.models.coach_turn import CoachTurn
from server.services.coach import reply
from server.services.coach.coach_reply import CoachReply
from server.services.coach.says import Says
from tests.api.work import note

__all__ = ["application"]

GATE = Path(os.environ["COACH_TEST_GATE"])
LOOK_S = 0.02


class SlowCoach:
    async def reply(self, turn: CoachTurn, says: Says) -> CoachReply:
        while not GATE.exists():  # noqa: ASYNC110 (another process makes it)
            await asyncio.sleep(LOOK_S)
        if GATE.read_text() == "fail":
            raise ConnectionError("the model is far away")
        return CoachReply(
            response=CoachChatResponse.model_validate(note(turn.messages[-1].content)),
            prompt_version="test",
            model="slow",
        )


reply.provider = SlowCoach  # type: ignore[assignment,attr-defined]
