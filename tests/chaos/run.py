"""One run: load and monkey for some minutes, then calm, then the reckoning."""

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles

from redis import Redis

from server.apps.actions.models import Action
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from tests.chaos.counting import counted
from tests.chaos.crowd import Crowd, Tally
from tests.chaos.monkey import Monkey
from tests.chaos.people import until_done
from tests.chaos.rows import found, stranger
from tests.chaos.system import System
from tests.chaos.verdict import DOUBLED, LOST, OUT_OF_ORDER, WRONG_STATE, Wait, receipt
from tests.faults.bounds import START_LIMIT_S

TEND_S = 0.05
DRAIN_S = 180.0
BOUND_S = START_LIMIT_S
LATE = "late starts"
LATE_SHARE = 0.002
"""Of all starts, beside one: the outages are seen from outside, some hundredths of a second late, and so is a rush."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    minutes: float
    seed: int
    users: int
    workers: int
    pace_s: float
    kills_postgres: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """Waits from the moment when an action might begin until it did, in seconds; `late` of them over `BOUND_S`."""

    half: float
    nearly_all: float
    longest: float
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found. `off` shows what was not as it must be, up to a limit; `off_kinds` counts it all."""

    plan: Plan
    load_s: float
    drain_s: float
    users: int
    actions: int
    statuses: dict[str, int]
    clients: dict[str, int]
    deeds: dict[str, int]
    attempts: int
    redelivered: int
    duplicates_sent: int
    deliveries: int
    came_to_nothing: int
    lost: int
    doubled: int
    out_of_order: int
    waits: Longest
    waits_when_up: Longest
    waits_unhindered: Longest
    start_limit_s: float
    longest_waits: list[str]
    machine: str
    off_kinds: dict[str, int]
    off: list[str]

    @property
    def holds(self) -> bool:
        return not self.off_kinds and self.actions > 0


def run(services: LocalServices, home: Path, plan: Plan) -> Report:
    """Raises what keeps the system from coming up. Ctrl-C ends the load early; what was done is judged all the same."""
    stranger()
    with System(services, home, Random(plan.seed), workers=plan.workers) as system:
        crowd = Crowd(
            seed=plan.seed,
            size=plan.users,
            web_url=system.web_url,
            outages=system.outages,
            hindrances=system.hindrances,
        )
        monkey = Monkey(system, Random(plan.seed), pace_s=plan.pace_s, kills_postgres=plan.kills_postgres)
        try:
            load_s = _load(crowd, monkey, plan.minutes * 60)
            drain_s = _drain(crowd, system)
        finally:
            monkey.stop()
            crowd.end()
        _reckon(crowd.tally, system, monkey)
        return _report(plan, crowd.tally, system, load_s=load_s, drain_s=drain_s)


def _load(crowd: Crowd, monkey: Monkey, seconds: float) -> float:
    begun = time.monotonic()
    monkey.start()
    try:
        while time.monotonic() - begun < seconds and not (monkey.failure or crowd.has_seen_enough):
            crowd.tend()
            time.sleep(TEND_S)
    except KeyboardInterrupt:
        print("Ending early: what was accepted is still awaited and judged.", flush=True)
    monkey.stop()
    return time.monotonic() - begun


def _drain(crowd: Crowd, system: System) -> float:
    """With everything up and nothing going wrong, every lane ends."""
    begun = time.monotonic()
    crowd.close()
    system.calm_down()
    redis = Redis.from_url(system.services.redis_url, socket_timeout=5.0)
    while not (crowd.is_empty and redis.llen(QueueName.ACTIONS.value) == 0):
        system.look_after()
        crowd.tend()
        if time.monotonic() - begun > DRAIN_S:
            crowd.tally.note(LOST, f"after {DRAIN_S:g} s of calm, users or messages are still there")
            break
        time.sleep(TEND_S)
    return time.monotonic() - begun


def _reckon(tally: Tally, system: System, monkey: Monkey) -> None:
    """What was so when a user was judged is so at the end, after every late message; nothing was done beside it."""
    if monkey.failure is not None:
        tally.note("the monkey failed", repr(monkey.failure))
    for trouble in system.troubles:
        tally.note("a role ended by itself", trouble)
    for user_id, before in tally.receipts.items():
        if until_done(partial(receipt, user_id)) != before:
            tally.note(DOUBLED, f"user {user_id} was changed after everything had ended")
    rows = Action.objects.count()
    if not tally.off_kinds and rows != tally.statuses.total():
        tally.note(DOUBLED, f"{tally.statuses.total()} actions were accepted, there are {rows} rows")
    strangers_id, strangers_state = stranger()
    if found(strangers_id) != strangers_state:
        tally.note(WRONG_STATE, f"a stranger's rows were changed to {found(strangers_id)}")
    _reckon_starts(tally, system.start_limit_s)


def _reckon_starts(tally: Tally, limit_s: float) -> None:
    """R7: a start waits for what is down and for workers that are at work, and else for no longer than the limit."""
    late = sum(wait > limit_s for wait in tally.waits_unhindered)
    if late > 1 + LATE_SHARE * len(tally.waits_unhindered):
        tally.note(LATE, f"{late} of {len(tally.waits_unhindered)} starts took more than {limit_s:.1f} s")


def _report(plan: Plan, tally: Tally, system: System, *, load_s: float, drain_s: float) -> Report:
    actions = tally.statuses.total()
    tried = actions - tally.statuses["cancelled"]
    deliveries = counted(system.deliveries)
    return Report(
        plan=plan,
        load_s=load_s,
        drain_s=drain_s,
        users=tally.users,
        actions=actions,
        statuses=dict(sorted(tally.statuses.items())),
        clients=dict(sorted(tally.clients.items())),
        deeds=dict(sorted(system.counts.items())),
        attempts=tally.attempts,
        redelivered=max(0, tally.attempts - tried),
        duplicates_sent=system.counts["messages duplicated"] + system.counts["messages sent out of turn"],
        deliveries=deliveries,
        came_to_nothing=max(0, deliveries - tally.attempts),
        lost=tally.off_kinds[LOST],
        doubled=tally.off_kinds[DOUBLED],
        out_of_order=tally.off_kinds[OUT_OF_ORDER],
        waits=_longest(tally.waits),
        waits_when_up=_longest(tally.waits_when_up),
        waits_unhindered=_longest(tally.waits_unhindered),
        start_limit_s=system.start_limit_s,
        longest_waits=[_told(seconds, wait, system) for seconds, wait in tally.longest],
        machine=f"{os.cpu_count()} processors, load average {os.getloadavg()[1]:.1f} (5 minutes)",
        off_kinds=dict(tally.off_kinds),
        off=tally.off,
    )


def _longest(waits: Sequence[float]) -> Longest:
    cuts = quantiles([0.0, 0.0, *waits], n=100, method="inclusive")  # it needs two values
    late = sum(wait > BOUND_S for wait in waits)
    return Longest(half=cuts[49], nearly_all=cuts[98], longest=max(waits, default=0.0), late=late)


def _told(seconds: float, wait: Wait, system: System) -> str:
    """One wait, and what was done to the system meanwhile and shortly before."""
    meanwhile = [deed for when, deed in system.diary if wait.ready - 3 < when < wait.started]
    return (
        f"{seconds:.2f} s of {wait.started - wait.ready:.2f} s; {', '.join(meanwhile) or 'nothing was done'}"
    )


def as_json(report: Report) -> dict[str, object]:
    return asdict(report) | {"holds": report.holds}
