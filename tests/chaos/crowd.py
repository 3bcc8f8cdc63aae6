"""Many users at a time, each served by a few clients that take turns."""

import time
import traceback
from array import array
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from heapq import nlargest
from uuid import UUID

from server.apps.users.models import User
from server.testing.expect import described
from tests.chaos.people import Person, open_lanes, until_done
from tests.chaos.system import Outages
from tests.chaos.verdict import LOST, Verdict, Wait, judge

CLIENTS = 16
LANE_S = 120.0
"""A lane that has not ended after so long will not."""

KEPT_OFF = 40
ENOUGH = 20


@dataclass(slots=True)
class Tally:
    """What all verdicts together say; as little as possible is kept of each user."""

    users: int = 0
    attempts: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)
    off_kinds: Counter[str] = field(default_factory=Counter)
    off: list[str] = field(default_factory=list)
    receipts: dict[UUID, int] = field(default_factory=dict)
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    waits_when_up: "array[float]" = field(default_factory=lambda: array("d"))
    waits_unhindered: "array[float]" = field(default_factory=lambda: array("d"))
    longest: list[tuple[float, Wait]] = field(default_factory=list)

    def add(self, person: Person, verdict: Verdict, outages: Outages, hindrances: Outages) -> None:
        self.users += 1
        self.clients += person.counts
        self.attempts += verdict.attempts
        self.statuses += verdict.statuses
        self.receipts[person.user_id] = verdict.receipt
        for off in verdict.off:
            self.note(off.kind, str(off))
        for wait in verdict.waits:
            self.waits.append(wait.started - wait.ready)
            self.waits_when_up.append(longest_without(outages, wait))
            self.waits_unhindered.append(unhindered := longest_without(hindrances, wait))
            self.longest = nlargest(3, [*self.longest, (unhindered, wait)])

    def note(self, kind: str, what: str) -> None:
        self.off_kinds[kind] += 1
        if len(self.off) < KEPT_OFF:
            self.off.append(what)


def longest_without(outages: Outages, wait: Wait) -> float:
    """The longest time of the wait in which there was none of these outages: the limit begins anew after each."""
    longest, since = 0.0, wait.ready
    for began, ended in outages.between(wait.ready, wait.started):
        longest = max(longest, began - since)
        since = max(since, ended)
    return max(longest, wait.started - since)


class Crowd:
    """Keeps up to `size` users on their way, and judges each whose program is over."""

    def __init__(self, *, seed: int, size: int, web_url: str, outages: Outages, hindrances: Outages) -> None:
        self.tally = Tally()
        self._seed, self._size, self._web_url = seed, size, web_url
        self._outages, self._hindrances = outages, hindrances
        self._begun = 0
        self._closing = False
        self._pool = ThreadPoolExecutor(CLIENTS, thread_name_prefix="client")
        self._served: dict[Future[Verdict | None], Person] = {}
        self._waiting: list[Person] = []

    @property
    def is_empty(self) -> bool:
        return not self._served and not self._waiting

    @property
    def has_seen_enough(self) -> bool:
        """Whether so much is not as it must be that there is no use in going on."""
        return self.tally.off_kinds.total() >= ENOUGH

    def close(self) -> None:
        """Nobody begins any more, nor goes on to another stage."""
        self._closing = True

    def tend(self) -> None:
        """See to everyone once."""
        self._take_back()
        self._serve_whose_lane_ended()
        while not self._closing and len(self._served) + len(self._waiting) < self._size:
            self._begin()

    def end(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _begin(self) -> None:
        self._begun += 1
        person = Person(seed=f"{self._seed} {self._begun}", web_url=self._web_url)
        self._served[self._pool.submit(person.begin)] = person

    def _take_back(self) -> None:
        for future in [future for future in self._served if future.done()]:
            person = self._served.pop(future)
            if error := future.exception():
                self.tally.note(type(error).__name__, "".join(traceback.format_exception(error)))
            elif verdict := future.result():
                self.tally.add(person, verdict, self._outages, self._hindrances)
            else:
                self._waiting.append(person)

    def _serve_whose_lane_ended(self) -> None:
        if not self._waiting:
            return
        still_open = until_done(lambda: open_lanes(self._waiting))
        waiting, self._waiting = self._waiting, []
        for person in waiting:
            if person.user_id not in still_open:
                self._served[self._pool.submit(self._serve, person)] = person
            elif time.monotonic() - person.waiting_since < LANE_S:
                self._waiting.append(person)
            else:
                shown = described(User(id=person.user_id))
                self.tally.note(LOST, f"the lane has not ended after {LANE_S:g} s:\n{shown}")

    def _serve(self, person: Person) -> Verdict | None:
        if not self._closing and person.go_on():
            return None
        return until_done(lambda: judge(person))
