"""Playing a scenario's turns: what the user said, and the responses, through the path that every response takes."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from server.apps.actions.models import Action
from server.apps.identities.models import Identity
from server.models.coach_chat_response import ChatResponse, CoachChatResponse
from server.services.action_queue.accept import accept_response, accept_user_message
from server.services.scenario_replay.begun import Begun
from server.services.scenario_replay.references import Unresolved, depends_on_turns, resolved
from server.services.scenario_replay.scenario import Scenario, Turn


@dataclass(frozen=True, slots=True)
class _Rows:
    """What references lead to, at this moment."""

    begun: Begun

    def row(self, ref: str) -> str | None:
        found = self.begun.ids.get(ref)
        return str(found) if found else None

    def identity(self, name: str) -> str | None:
        found = Identity.objects.filter(user=self.begun.user).named(name).values_list("id", flat=True).first()
        return str(found) if found else None


@dataclass(slots=True, kw_only=True)
class Play:
    """A scenario that is played for one user. `unresolved` has what turns referred to in vain: they were not played."""

    scenario: Scenario
    begun: Begun
    played: int = 0
    unresolved: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.played == len(self.scenario.turns)

    @property
    def needs_the_lane(self) -> bool:
        """Whether the next turn refers to what an earlier one makes, so that the lane must be settled first."""
        return not self.is_over and depends_on_turns(self.scenario.turns[self.played].response)

    def play_next(self) -> None:
        """Store the next turn, and send its first action where the lane is free."""
        number, turn = self.played + 1, self.scenario.turns[self.played]
        self.played = number
        try:
            response = self._response(turn)
        except Unresolved as error:
            self.unresolved.append(f"turn {number}: {error}")
            return
        with transaction.atomic():
            if turn.user is not None:
                accept_user_message(self.begun.user, turn.user)
            accept_response(self.begun.user, response)

    def _response(self, turn: Turn) -> ChatResponse:
        return CoachChatResponse.model_validate(resolved(turn.response, _Rows(self.begun)))


def is_settled(user_id: UUID) -> bool:
    """Whether all of the user's actions have ended."""
    return not Action.objects.filter(user_id=user_id).open().exists()
