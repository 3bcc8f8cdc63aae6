"""What a run found: medians, ratios, whether the targets were met."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.drain import Drain
from bench.latency import Latency
from bench.machine import Machine
from bench.processes import Memory
from bench.replays import Replays
from bench.streams import Streams

TIMES_THE_RECIPE = 2.5
SHARE_OF_NOOP = 0.25
MEMORY_GROWTH = 0.05
SHARE_OF_PIPELINE = 0.8
PROJECT = "project"
NOOP = "noop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Actions a second of one contender over the rounds."""

    contender: str
    label: str
    median: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How much a process grew from action 2,000 to the end, as a share; the worst of the rounds."""

    process: str
    rss: float
    uss: float | None

    @property
    def worst(self) -> float:
        return max(self.rss, self.uss or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One target, and what was found; `lowest` and `highest` are of single rounds, or of single processes."""

    target: str
    found: float
    lowest: float
    highest: float
    met: bool
    shown_as: str = ".2f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run. `labels` and `peers` are by contender."""

    machine: Machine
    quick: bool
    rounds: int
    labels: dict[str, str]
    peers: dict[str, str]
    drains: list[Drain]
    latencies: list[Latency]
    streams: list[Streams]
    replays: list[Replays]

    def drains_of(self, contender: str) -> list[Drain]:
        return [drain for drain in self.drains if drain.contender == contender]

    def rates(self) -> list[Rate]:
        return [self._rate(contender) for contender in self.labels]

    def growths(self) -> list[Growth]:
        """Of this project's processes."""
        drains = self.drains_of(PROJECT)
        return [_growth(memory.process, drains) for memory in drains[0].memory_before] if drains else []

    def verdicts(self) -> list[Verdict]:
        """Those for which there is something to compare."""
        verdicts = []
        if recipe := self._better_recipe():
            verdicts.append(self._times(recipe, TIMES_THE_RECIPE, "the recipe"))
        if {PROJECT, NOOP} <= self.labels.keys():
            verdicts.append(self._times(NOOP, SHARE_OF_NOOP, "a Celery no-op"))
        verdicts += [self._replay_verdict(replay) for replay in self.replays if PROJECT in self.labels]
        workers = [growth for growth in self.growths() if growth.process.startswith("worker")]
        return [*verdicts, self._memory_verdict(workers)] if workers else verdicts

    def _rate(self, contender: str) -> Rate:
        rates = [drain.rate for drain in self.drains_of(contender)]
        return Rate(
            contender=contender,
            label=self.labels[contender],
            median=median(rates),
            lowest=min(rates),
            highest=max(rates),
        )

    def _replay_verdict(self, replay: Replays) -> Verdict:
        plain = self._rate(PROJECT)
        found = replay.rate / plain.median
        return Verdict(
            target=f"a replay at least {SHARE_OF_PIPELINE} times the plain pipeline",
            found=found,
            lowest=replay.rate / plain.highest,
            highest=replay.rate / plain.lowest,
            met=found >= SHARE_OF_PIPELINE,
        )

    def _better_recipe(self) -> str | None:
        recipes = [rate for rate in self.rates() if self.peers[rate.contender] == "recipe"]
        if not recipes or PROJECT not in self.labels:
            return None
        return max(recipes, key=lambda rate: rate.median).contender

    def _times(self, peer: str, wanted: float, name: str) -> Verdict:
        rounds = [
            ours.rate / theirs.rate
            for ours, theirs in zip(self.drains_of(PROJECT), self.drains_of(peer), strict=True)
        ]
        found = self._rate(PROJECT).median / self._rate(peer).median
        return Verdict(
            target=f"at least {wanted} times {name}",
            found=found,
            lowest=min(rounds),
            highest=max(rounds),
            met=found >= wanted,
        )

    def _memory_verdict(self, workers: list[Growth]) -> Verdict:
        grown = [growth.worst for growth in workers]
        begin = self.drains_of(PROJECT)[0].memory_from_action
        return Verdict(
            target=f"a worker's memory grows by less than {MEMORY_GROWTH:.0%} from action {begin:,} on",
            found=max(grown),
            lowest=min(grown),
            highest=max(grown),
            met=max(grown) < MEMORY_GROWTH,
            shown_as="+.1%",
        )


def write(report: Report, path: Path) -> None:
    """Write all of it as JSON, with what was worked out first."""
    summary = {
        "verdicts": [asdict(verdict) for verdict in report.verdicts()],
        "rates": [asdict(rate) for rate in report.rates()],
        "memory_growth": [asdict(growth) for growth in report.growths()],
    }
    path.write_text(json.dumps(_rounded({**summary, **asdict(report)}), indent=2, ensure_ascii=False) + "\n")


def _growth(process: str, drains: list[Drain]) -> Growth:
    pairs = [(_of(process, drain.memory_before), _of(process, drain.memory_after)) for drain in drains]
    uss = [after.uss / before.uss - 1 for before, after in pairs if before.uss and after.uss]
    return Growth(
        process=process,
        rss=max(after.rss / before.rss - 1 for before, after in pairs),
        uss=max(uss) if uss else None,
    )


def _of(process: str, memories: list[Memory]) -> Memory:
    return next(memory for memory in memories if memory.process == process)


def _rounded(value: object) -> object:
    match value:
        case float():
            return round(value, 4)
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list():
            return [_rounded(item) for item in value]
        case _:
            return value
