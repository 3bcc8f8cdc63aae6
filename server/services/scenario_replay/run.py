"""Playing many scenarios, many times each, through the queue and its workers."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count

from server.apps.actions.models import Action
from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.apps.users.models import User
from server.services.scenario_replay.begun import begin
from server.services.scenario_replay.end_state import EndState, actions_of, end_state_of
from server.services.scenario_replay.lanes import Lane, lane_of
from server.services.scenario_replay.playing import Play
from server.services.scenario_replay.removal import remove_settled
from server.services.scenario_replay.scenario import Scenario

AT_ONCE = 200
"""Users whose lanes are under way at the same time: what is kept of a replay does not grow with its length."""
REMOVED_AT_ONCE = 50
LOOK_EVERY_S = 0.05
LOOK_LESS_S = 0.001
"""How much longer between two looks for each user under way: a look counts all their open actions."""
PATIENCE_S = 90.0
"""A lane in which nothing ends for so long is given up, and compared as it stands: its actions say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One copy of a scenario, at its end. `seconds` is from its first turn until its last action had ended."""

    scenario: Scenario
    copy: int
    end_state: EndState
    unresolved: tuple[str, ...]
    seconds: float
    is_settled: bool
    lane: Lane


@dataclass(slots=True, kw_only=True)
class _UnderWay:
    play: Play
    copy: int
    began: float
    moved_at: float
    still_open: int = 0

    @property
    def user(self) -> User:
        return self.play.begun.user

    def goes_on(self, still_open: int) -> bool:
        """Play the next turns where it is time for them; whether it was."""
        now = time.monotonic()
        if still_open != self.still_open:
            self.still_open, self.moved_at = still_open, now
        if self.play.is_over or (still_open and self.play.needs_the_lane):
            return False
        self.play.play_on()
        self.moved_at = now
        return True

    def has_ended(self) -> bool:
        """Whether nothing more comes: all is played and has ended, or nothing has for long."""
        if time.monotonic() - self.moved_at > PATIENCE_S:
            return True
        return self.play.is_over and not self.still_open

    def played(self) -> Played:
        actions, scenario = actions_of(self.user), self.play.scenario
        return Played(
            scenario=scenario,
            copy=self.copy,
            end_state=end_state_of(self.play.begun, actions),
            unresolved=tuple(self.play.unresolved),
            seconds=time.monotonic() - self.began,
            is_settled=self.play.is_over and not self.still_open,
            lane=lane_of(actions, scenario=scenario.name, copy=self.copy),
        )


class Replay:
    """A run of scenarios, each `copies` times, each copy with a user of its own.

    `look` is called for every copy in every round with how many have ended, and at last with how many there were, so
    that a bar can grow and workers can be looked after; what it raises ends the run. What it made is removed as it
    goes, unless it is to be kept; `run` is the row that all of it points to.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        run: ReplayRun,
        *,
        copies: int = 1,
        keep: bool = False,
        look: Callable[[int], None],
    ) -> None:
        self._waiting = deque((scenario, copy) for copy in range(1, copies + 1) for scenario in scenarios)
        self._run = run
        self._names = [scenario.name for scenario in scenarios]
        self._keep = keep
        self._look = look
        self._under_way: list[_UnderWay] = []
        self._finished: list[UUID] = []
        self._ended = 0

    def run(self) -> Generator[Played, None, None]:
        """Play everything; answer each copy once it has ended. To close it is to stop, and to remove what was made."""
        rows = {name: TestScenario.objects.create(name=name, run=self._run) for name in self._names}
        try:
            while self._waiting or self._under_way:
                self._fill(rows)
                yield from self._round([row.id for row in rows.values()])
                if self._under_way:
                    time.sleep(LOOK_EVERY_S + LOOK_LESS_S * len(self._under_way))
            self._look(self._ended)
        finally:
            if not self._keep:
                self._remove(rows.values())

    def _fill(self, rows: Mapping[str, TestScenario]) -> None:
        while self._waiting and len(self._under_way) < AT_ONCE:
            self._look(self._ended)
            scenario, copy = self._waiting.popleft()
            now = time.monotonic()
            play = Play(scenario=scenario, begun=begin(scenario.start, rows[scenario.name]))
            self._under_way.append(_UnderWay(play=play, copy=copy, began=now, moved_at=now))

    def _round(self, row_ids: Sequence[UUID]) -> Iterator[Played]:
        """The next turns of each that is ready for them, and those that have ended."""
        still_open = _open_actions(row_ids)
        for one in list(self._under_way):
            self._look(self._ended)
            if not one.goes_on(still_open.get(one.user.id, 0)) and one.has_ended():
                self._under_way.remove(one)
                self._ended += 1
                played = one.played()
                yield played
                if played.is_settled:  # the others go in the end: somebody may still write for them
                    self._finished.append(one.user.id)
        if len(self._finished) >= REMOVED_AT_ONCE and not self._keep:
            self._remove_finished()

    def _remove_finished(self) -> None:
        remove_settled(self._finished)
        self._finished.clear()

    def _remove(self, rows: Iterable[TestScenario]) -> None:
        """With the users that were not at their end, and whatever they have."""
        connection.close_if_unusable_or_obsolete()  # where it broke, that is what ended the run
        self._remove_finished()
        for row in rows:
            row.delete()


def _open_actions(row_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many actions of each user have not ended."""
    of_the_run = Action.objects.filter(test_scenario_id__in=row_ids).open().order_by()
    return dict(of_the_run.values_list("user_id").annotate(Count("id")))
