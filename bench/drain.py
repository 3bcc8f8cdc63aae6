"""Draining a backlog: how many actions a second.

The same for everyone. The workers start on an empty queue and are then held at a gate (see `processes.Gate`); the
backlog is made; the tables are vacuumed, so that nobody pays for the one before; the gate opens and the clock starts.
It stops with the last action's end: the time that its row says, or, for the no-op, the moment in which the queue and
the unacknowledged messages are gone (looked at every 10 ms). So no process start is in it, and everything else is.

The recipe's backlog is as long as everyone's. Only the time of its first actions is taken, as many as a few cohorts
have, since the rest takes minutes and changes nothing; what is left is thrown away.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from django.db import connection
from redis import Redis

from bench.contenders import Contender, Progress, Watch
from bench.mix import ACTIONS_PER_PERSON
from bench.people import make_cohorts
from bench.processes import BenchError, Gate, Memory, Processes, cpu_s, wait_until
from server.local.services import LocalServices

COHORT = 21
DRAIN_TIMEOUT_S = 300.0
MEMORY_FROM_ACTION = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is drained: cohorts in the backlog, and those of them that the recipe drains."""

    cohorts: int
    recipe_cohorts: int

    @property
    def actions(self) -> int:
        return self.cohorts * COHORT * ACTIONS_PER_PERSON

    def watched(self, contender: Contender) -> int:
        """How many actions of the backlog the clock runs for."""
        cohorts = self.cohorts if contender.whole else self.recipe_cohorts
        return cohorts * COHORT * ACTIONS_PER_PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Processor milliseconds per action, by who used them."""

    workers: float
    postgres: float
    redis: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """One contender's drain in one round.

    `outcomes` counts actions by what became of them, `trouble` says why one of them did not succeed. Memory is that of
    each process, at action `memory_from_action` and at the end.
    """

    contender: str
    backlog: int
    actions: int
    seconds: float
    rate: float
    outcomes: dict[str, int]
    trouble: str
    cpu_ms: Cost
    transactions_per_action: float
    redis_commands_per_action: float
    memory_from_action: int
    memory_before: list[Memory]
    memory_after: list[Memory]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counters:
    workers_s: float
    postgres_s: float
    redis_s: float
    redis_commands: int


class Bench:
    """The servers that every drain uses, and where logs go."""

    def __init__(self, services: LocalServices, logs: Path) -> None:
        self.services, self.logs = services, logs
        self.redis: Redis = Redis.from_url(services.redis_url)

    def drain(self, contender: Contender, size: Size) -> Drain:
        """Raises `BenchError` where it does not come to an end."""
        self.redis.flushdb()
        with Processes(
            (*contender.workers, *contender.helpers), self.logs, contender.settings_module
        ) as processes:
            try:
                return self._drain(contender, size, processes)
            except BenchError as error:
                raise BenchError(f"{error}\n{processes.tails()}") from error

    def _drain(self, contender: Contender, size: Size, processes: Processes) -> Drain:
        gate = Gate(contender.app, contender.queue, nodes=len(contender.workers), redis=self.redis)
        gate.close(processes.check)
        contender.enqueue(make_cohorts(size.cohorts, COHORT))
        vacuum()
        return self._run(contender, size, processes, gate, contender.watch(self.redis, size.actions))

    def _run(self, contender: Contender, size: Size, processes: Processes, gate: Gate, watch: Watch) -> Drain:
        actions = size.watched(contender)
        memory_from = min(MEMORY_FROM_ACTION, actions * 2 // 5)
        transactions = _transactions()
        before = self._counters(processes)
        opened_at = gate.open()

        def reach(count: int) -> Progress:
            return _reach(contender, watch, processes, opened_at, count)

        reach(memory_from)
        memory_before = processes.memory()
        last = reach(actions)
        after = self._counters(processes)
        seconds = last.last_at - opened_at
        return Drain(
            contender=contender.key,
            backlog=size.actions,
            actions=actions,
            seconds=seconds,
            rate=actions / seconds,
            outcomes=_outcomes(opened_at),
            trouble=_trouble(opened_at),
            cpu_ms=_cost(before, after, actions),
            transactions_per_action=(_transactions() - transactions) / actions,
            redis_commands_per_action=(after.redis_commands - before.redis_commands) / actions,
            memory_from_action=memory_from,
            memory_before=memory_before,
            memory_after=processes.memory(),
        )

    def _counters(self, processes: Processes) -> _Counters:
        postgres = psutil.Process(self.services.postgres.child.pid)
        return _Counters(
            workers_s=processes.cpu_s(),
            postgres_s=cpu_s(postgres) + sum(cpu_s(process) for process in postgres.children(recursive=True)),
            redis_s=cpu_s(psutil.Process(self.services.redis.child.pid)),
            redis_commands=self.redis.info("stats")["total_commands_processed"],
        )


def vacuum() -> None:
    """Leave the tables in order."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _reach(
    contender: Contender, watch: Watch, processes: Processes, opened_at: float, count: int
) -> Progress:
    progress = watch(opened_at, count)

    def reached() -> bool:
        nonlocal progress
        progress = watch(opened_at, count)
        return progress.ended >= count

    problem = f"{contender.label} had not ended {count} actions"
    wait_until(reached, problem, processes.check, every_s=contender.poll_s, timeout_s=DRAIN_TIMEOUT_S)
    return progress


def _cost(before: _Counters, after: _Counters, actions: int) -> Cost:
    return Cost(
        workers=(after.workers_s - before.workers_s) * 1000 / actions,
        postgres=(after.postgres_s - before.postgres_s) * 1000 / actions,
        redis=(after.redis_s - before.redis_s) * 1000 / actions,
    )


def _transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _outcomes(opened_at: float) -> dict[str, int]:
    with connection.cursor() as cursor:
        since = datetime.fromtimestamp(opened_at, UTC)
        cursor.execute(
            "SELECT status, count(*) FROM actions WHERE finished_at >= %s GROUP BY status", [since]
        )
        return dict(cursor.fetchall())


def _trouble(opened_at: float) -> str:
    with connection.cursor() as cursor:
        since = datetime.fromtimestamp(opened_at, UTC)
        cursor.execute(
            "SELECT action_type || ' ' || status || ': ' || result_summary FROM actions "
            "WHERE finished_at >= %s AND status <> 'succeeded' ORDER BY status, finished_at LIMIT 1",
            [since],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""
