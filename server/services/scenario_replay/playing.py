"""Playing a scenario's turns: what the user said, and the responses, through the path that every response takes."""

from dataclasses import dataclass, field

from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.models.coach_chat_response import ChatResponse, CoachChatResponse
from server.services.action_queue.accept import Exchange, accept_exchanges
from server.services.scenario_replay.begun import Begun
from server.services.scenario_replay.references import Unresolved, depends_on_turns, resolved
from server.services.scenario_replay.scenario import Scenario, Turn

MOST_AT_ONCE = 50
"""Turns that are stored together: a long conversation takes a few transactions, and none of them long."""


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

    def user_note(self, text: str, number: int) -> str | None:
        alike = UserNote.objects.filter(user=self.begun.user, note=text).order_by("created_at", "id")
        found = alike.values_list("id", flat=True)[number - 1 : number]
        return next((str(row_id) for row_id in found), None)


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
        return not self.is_over and self._depends(self.played)

    def play_on(self, most: int = MOST_AT_ONCE) -> None:
        """Store the turns up to the next that needs the lane, and send the first action where the lane is free."""
        last = self.played + 1
        while last < min(len(self.scenario.turns), self.played + most) and not self._depends(last):
            last += 1
        exchanges = [
            exchange
            for number in range(self.played, last)
            if (exchange := self._exchange(number)) is not None
        ]
        self.played = last
        if exchanges:
            accept_exchanges(self.begun.user, exchanges)

    def _depends(self, place: int) -> bool:
        return depends_on_turns(self.scenario.turns[place].response or {})

    def _exchange(self, place: int) -> Exchange | None:
        turn = self.scenario.turns[place]
        try:
            return Exchange(content=turn.user, response=self._response(turn), phase=turn.phase)
        except Unresolved as error:
            self.unresolved.append(f"turn {place + 1}: {error}")
            return None

    def _response(self, turn: Turn) -> ChatResponse | None:
        if turn.response is None:
            return None
        return CoachChatResponse.model_validate(resolved(turn.response, _Rows(self.begun)))
