"""One run: the drains in interleaved rounds, the way to the client on an idle system, then a thousand streams."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.contenders import CONTENDERS, Contender
from bench.drain import Bench, Drain, Size
from bench.latency import Latency, measure_latencies
from bench.machine import describe
from bench.processes import BenchError
from bench.replays import Replays, measure_replays
from bench.report import Report, write
from bench.screen import show
from bench.streams import Streams, measure_streams
from server.local.services import LocalServices

WHOLE = Size(cohorts=10, recipe_cohorts=2)
QUICK = Size(cohorts=2, recipe_cohorts=1)
SAMPLES, QUICK_SAMPLES = 300, 30
STREAMS = "streams"
REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure. `only` names contenders, or the peers they stand for, or the streams; empty for all."""

    rounds: int
    quick: bool
    full: bool
    latency: bool
    only: tuple[str, ...]

    @property
    def size(self) -> Size:
        size = QUICK if self.quick else WHOLE
        return Size(cohorts=size.cohorts, recipe_cohorts=size.cohorts) if self.full else size

    def contenders(self) -> list[Contender]:
        """Raises `BenchError` for a name that nobody has."""
        known = {STREAMS, REPLAY} | {
            name for contender in CONTENDERS for name in (contender.key, contender.peer)
        }
        if unknown := set(self.only) - known:
            raise BenchError(f"Nobody is called {min(unknown)!r}: there are {', '.join(sorted(known))}.")
        return [each for each in CONTENDERS if not self.only or {each.key, each.peer} & set(self.only)]

    @property
    def measures_replays(self) -> bool:
        return not self.only or REPLAY in self.only

    @property
    def measures_streams(self) -> bool:
        return not self.only or STREAMS in self.only


def run(services: LocalServices, home: Path, plan: Plan, output: Path | None) -> int:
    """Measure, show, and write to `output` if there is one. Answers the exit code: 1 where it could not be done."""
    # Its own stream for what is going on: the table alone is the answer.
    progress = Console(stderr=True)
    try:
        report = _measure(Bench(services, home / "logs"), plan, progress)
    except BenchError as error:
        progress.print(f"bench: {error}", markup=False, highlight=False)
        return 1
    show(report, Console())
    if output is not None:
        write(report, output)
    return 0


def _measure(bench: Bench, plan: Plan, progress: Console) -> Report:
    machine = describe(bench.redis)
    contenders = plan.contenders()
    drains: list[Drain] = []
    for number in range(1, plan.rounds + 1):
        for contender in contenders:
            with progress.status(f"Round {number} of {plan.rounds}: {contender.label} …"):
                drains.append(bench.drain(contender, plan.size))
            progress.print(
                f"round {number}: {contender.label}: {drains[-1].rate:,.0f} a second", highlight=False
            )
    latencies: list[Latency] = []
    if plan.latency:
        with progress.status("The way to the client, on an idle system …"):
            latencies = measure_latencies(bench, contenders, QUICK_SAMPLES if plan.quick else SAMPLES)
    streams: list[Streams] = []
    if plan.measures_streams:
        with progress.status("A thousand open streams …"):
            streams = measure_streams(bench, quick=plan.quick)
    replays: list[Replays] = []
    if plan.measures_replays:
        with progress.status("A replay of the mix …"):
            replays = [measure_replays(bench, quick=plan.quick)]
    return Report(
        machine=machine,
        quick=plan.quick,
        rounds=plan.rounds,
        labels={contender.key: contender.label for contender in contenders},
        peers={contender.key: contender.peer for contender in contenders},
        drains=drains,
        latencies=latencies,
        streams=streams,
        replays=replays,
    )
