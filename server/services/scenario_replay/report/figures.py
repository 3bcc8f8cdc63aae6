"""What a report says, in plain values."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.services.scenario_replay.judging import Verdict

BUCKETS = 60
BOUNDS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Where the bars of a histogram end; the last has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """An action whose doing differs from what was expected, how often, and in which scenarios."""

    action_type: str
    differences: int
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took, in seconds; `bars` counts it by `BOUNDS_S`."""

    p50: float
    p95: float
    p99: float
    longest: float
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """How many actions ended in each of equal parts of the run."""

    part_s: float
    counts: tuple[int, ...]


def culprits(verdicts: Sequence[Verdict]) -> list[Culprit]:
    """The actions that made what differs, the one that made most of it first."""
    made = [(found.action_type, verdict.scenario.name) for verdict in verdicts for found in verdict.found]
    counts = Counter(action_type for action_type, _ in made if action_type)
    return [
        Culprit(
            action_type=action_type,
            differences=count,
            scenarios=tuple(dict.fromkeys(name for by, name in made if by == action_type)),
        )
        for action_type, count in counts.most_common()
    ]


def spread(seconds: Sequence[float]) -> Spread | None:
    """None of nothing."""
    if not seconds:
        return None
    in_order = sorted(seconds)
    return Spread(
        p50=_at(in_order, 0.5),
        p95=_at(in_order, 0.95),
        p99=_at(in_order, 0.99),
        longest=in_order[-1],
        bars=tuple(_bars(in_order)),
    )


def _at(in_order: Sequence[float], share: float) -> float:
    """The least value that so large a share of all does not exceed."""
    return in_order[max(0, -int(-share * len(in_order) // 1) - 1)]


def _bars(in_order: Sequence[float]) -> Iterator[int]:
    place = 0
    for bound in (*BOUNDS_S, float("inf")):
        first = place
        while place < len(in_order) and in_order[place] <= bound:
            place += 1
        yield place - first


def throughput(finished_at: Sequence[float]) -> Throughput | None:
    """None where nothing ended."""
    if not finished_at:
        return None
    first, last = min(finished_at), max(finished_at)
    part_s = max((last - first) / BUCKETS, 0.001)
    counts = [0] * BUCKETS
    for at in finished_at:
        counts[min(int((at - first) / part_s), BUCKETS - 1)] += 1
    return Throughput(part_s=part_s, counts=tuple(counts))
