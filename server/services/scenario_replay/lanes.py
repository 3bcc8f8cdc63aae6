"""When the actions of a replay waited, ran and ended: what a report draws."""

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server.apps.actions.models import Action

SLOWEST = 20
LANES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An ended action. Times are seconds since 1970; `started_at` is that of its last attempt, None if it had none."""

    action_type: str
    status: str
    attempts: int
    error_kind: str | None
    queued_at: float
    started_at: float | None
    finished_at: float

    @property
    def waited_s(self) -> float:
        """From being stored until the last attempt began; the actions before it in its lane are in that."""
        return (self.finished_at if self.started_at is None else self.started_at) - self.queued_at

    @property
    def ran_s(self) -> float:
        return 0.0 if self.started_at is None else self.finished_at - self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The actions of one copy of a scenario, in order."""

    scenario: str
    copy: int
    actions: tuple[Timed, ...]


@dataclass(order=True, frozen=True, slots=True, kw_only=True)
class Slow:
    """An action that took long, by how long."""

    ran_s: float
    number: int
    lane: Lane = field(compare=False)

    @property
    def action(self) -> Timed:
        return self.lane.actions[self.number - 1]


def lane_of(actions: Iterable[Action], *, scenario: str, copy: int) -> Lane:
    """The lane of a copy, of its actions in order; those that have not ended are left out."""
    return Lane(
        scenario=scenario,
        copy=copy,
        actions=tuple(
            Timed(
                action_type=str(action.action_type),
                status=str(action.status),
                attempts=action.attempt,
                error_kind=action.error_kind and str(action.error_kind),
                queued_at=action.queued_at.timestamp(),
                started_at=action.started_at.timestamp() if action.started_at else None,
                finished_at=action.finished_at.timestamp(),
            )
            for action in actions
            if action.finished_at is not None
        ),
    )


class Timings:
    """All lanes of a replay in little room: three numbers of each action, and whole only the lanes to be drawn.

    These are the first copy of each scenario, up to `LANES`.
    """

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.count = 0
        self.waited_s, self.ran_s, self.finished_at = array("d"), array("d"), array("d")
        self.retries: Counter[tuple[str, str]] = Counter()
        self._slowest: list[Slow] = []
        self._first_start = math.inf

    @property
    def actions(self) -> int:
        """How many have ended."""
        return len(self.finished_at)

    @property
    def applying_s(self) -> float:
        """From the first attempt's start until the last action's end: without the start and end of processes."""
        return max(max(self.finished_at, default=0.0) - self._first_start, 0.0)

    def take(self, lane: Lane) -> None:
        self.count += 1
        if lane.copy == 1 and len(self.lanes) < LANES:
            self.lanes.append(lane)
        for number, action in enumerate(lane.actions, start=1):
            if action.started_at is not None:
                self._first_start = min(self._first_start, action.started_at)
            self.waited_s.append(action.waited_s)
            self.ran_s.append(action.ran_s)
            self.finished_at.append(action.finished_at)
            if action.attempts > 1:
                self.retries[action.action_type, action.error_kind or action.status] += action.attempts - 1
            self._note(Slow(ran_s=action.ran_s, number=number, lane=lane))

    def slowest(self) -> Sequence[Slow]:
        """The actions that took longest, the longest first."""
        return sorted(self._slowest, reverse=True)

    def _note(self, slow: Slow) -> None:
        if len(self._slowest) < SLOWEST:
            heapq.heappush(self._slowest, slow)
        elif slow > self._slowest[0]:
            heapq.heapreplace(self._slowest, slow)
