"""Who answers: the port behind which a coach stands, and the choice of one."""

import logging
from functools import lru_cache
from typing import Protocol

from server.services.coach.context import CoachReply, CoachTurn
from server.services.coach.offline.coach import OfflineCoach
from server.settings.environment import environment

logger = logging.getLogger(__name__)


class Provider(Protocol):
    """A coach. It is given all that it may know, and touches no database."""

    async def reply(self, turn: CoachTurn) -> CoachReply: ...


@lru_cache
def provider() -> Provider:
    """The coach that COACH_PROVIDER names; the offline one where it names none."""
    chosen = environment()
    if chosen.openai_api_key and not chosen.coach_provider:
        logger.warning(
            "OPENAI_API_KEY is set, but this version has no OpenAI coach: the offline coach answers"
        )
    return OfflineCoach()
