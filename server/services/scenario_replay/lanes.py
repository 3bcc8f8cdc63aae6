"""When the actions of a replay waited, ran and ended: what a report draws."""

import heapq
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

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


def lane_of(user_id: UUID, *, scenario: str, copy: int) -> Lane:
    """The lane of a copy that has ended."""
    rows = Action.objects.filter(user_id=user_id, finished_at__isnull=False).order_by("seq")
    fields = ("action_type", "status", "attempt", "error_kind", "queued_at", "started_at", "finished_at")
    return Lane(
        scenario=scenario,
        copy=copy,
        actions=tuple(
            Timed(
                action_type=str(action_type),
                status=str(status),
                attempts=attempt,
                error_kind=error_kind and str(error_kind),
                queued_at=queued.timestamp(),
                started_at=started and started.timestamp(),
                finished_at=finished.timestamp(),
            )
            for action_type, status, attempt, error_kind, queued, started, finished in rows.values_list(
                *fields
            )
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

    def take(self, lane: Lane) -> None:
        self.count += 1
        if lane.copy == 1 and len(self.lanes) < LANES:
            self.lanes.append(lane)
        for number, action in enumerate(lane.actions, start=1):
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
