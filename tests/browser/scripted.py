"""`python -m tests.browser.scripted web`: the `coach` command, whose coach says what a test has written down.

Where nothing is written it is the offline coach.
"""

import asyncio
import os
from pathlib import Path

import server.asgi  # noqa: F401 (it sets Django up, which the rest needs)
from server.cli import main
from server.models.coach_chat_response import CoachChatResponse
from server.models.coach_turn import CoachTurn
from server.services.coach import reply
from server.services.coach.coach_reply import CoachReply
from server.services.coach.offline.coach import OfflineCoach
from server.services.coach.says import Says
from tests.browser.script import FAILS, NEXT, THINKS, VARIABLE

LOOK_S = 0.01
DIRECTORY = Path(os.environ[VARIABLE])


class ScriptedCoach:
    async def reply(self, turn: CoachTurn, says: Says) -> CoachReply:
        while (DIRECTORY / THINKS).exists():  # noqa: ASYNC110 (another process makes it)
            await asyncio.sleep(LOOK_S)
        if (DIRECTORY / FAILS).exists():
            raise ConnectionError("The test lets it fail.")
        written = _taken(DIRECTORY / NEXT)
        if written is None:
            return await OfflineCoach().reply(turn, says)
        response = CoachChatResponse.model_validate_json(written)
        return CoachReply(response=response, prompt_version="test", model="scripted")


def _taken(file: Path) -> str | None:
    try:
        text = file.read_text()
        file.unlink()
    except FileNotFoundError:
        return None
    return text


reply.provider = ScriptedCoach  # type: ignore[assignment,attr-defined]

if __name__ == "__main__":
    main()
