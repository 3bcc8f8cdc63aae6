"""Who answers: the port behind which a coach stands, and the choice of one."""

from functools import lru_cache
from typing import Protocol

from server.models.coach_turn import CoachTurn
from server.services.coach.coach_reply import CoachReply
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.offline.coach import OfflineCoach
from server.services.coach.says import Says
from server.settings.environment import environment


class Provider(Protocol):
    """A coach. It is given all that it may know, and touches no database."""

    async def reply(self, turn: CoachTurn, says: Says) -> CoachReply:
        """Answer the turn, and tell `says` the message while it is written. Raises `CoachFailed`."""

    async def aopen(self) -> None:
        """Have ready what the first reply would wait for."""

    async def aclose(self) -> None:
        """Let go of every connection; the next reply opens new ones."""


@lru_cache
def provider() -> Provider:
    """The coach that COACH_PROVIDER names; else the model where there is a key, and the offline coach where not."""
    chosen = environment()
    return OfflineCoach() if chosen.provider == "offline" else ModelCoach(chosen.model_settings())
