"""Whether a figure is flat or grows. Pure: figures over time in, verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from statistics import linear_regression, median

WARM_UP = 0.25
"""The part of the run that is not judged: caches fill, Flower remembers its tasks, tables find their size."""

AT_ONCE = 5
S_PER_HOUR = 3_600


class Verdict(StrEnum):
    """What a figure does over the run."""

    FLAT = "flat"
    GROWS = "GROWS"
    DATA = "data"  # it is what users said and what became of it, and is meant to be kept
    SHOWN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is expected of the figures whose name matches.

    They are flat where the end lies at most `tolerance`, or the share `relative` of the start, above the start. None:
    they are not judged.
    """

    names: str
    tolerance: float | None = None
    relative: float = 0.0
    verdict: Verdict = Verdict.SHOWN

    def allows(self, start: float) -> float | None:
        return None if self.tolerance is None else max(self.tolerance, self.relative * start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """All figures at one moment, `at_s` seconds after the beginning."""

    at_s: float
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One figure over the run, without the warm-up; `allowed` is what it may grow by."""

    name: str
    start: float
    middle: float
    end: float
    per_hour: float
    allowed: float | None
    verdict: Verdict


def judge(samples: Sequence[Sample], rules: Sequence[Rule]) -> list[Judged]:
    """Every figure of the last sample, by the first rule whose names match; a figure without a rule is only shown."""
    kept = warm(samples)
    return [_judged(name, kept, _rule_of(name, rules)) for name in samples[-1].figures]


def warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    """The samples after the warm-up; two at least."""
    begin = samples[0].at_s + WARM_UP * (samples[-1].at_s - samples[0].at_s)
    kept = [sample for sample in samples if sample.at_s >= begin]
    return kept if len(kept) > 1 else samples[-2:]


def _judged(name: str, samples: Sequence[Sample], rule: Rule) -> Judged:
    known = [sample for sample in samples if name in sample.figures]
    values = [sample.figures[name] for sample in known]
    at_once = max(1, min(AT_ONCE, len(values) // 3))
    center = len(values) // 2
    start, end = median(values[:at_once]), median(values[-at_once:])
    middle = median(values[max(0, center - at_once // 2) : center + at_once // 2 + 1])
    allowed = rule.allows(start)
    return Judged(
        name=name,
        start=start,
        middle=middle,
        end=end,
        per_hour=_per_hour([sample.at_s for sample in known], values),
        allowed=allowed,
        verdict=rule.verdict if allowed is None else _verdict(start, middle, end, allowed),
    )


def _verdict(start: float, middle: float, end: float, allowed: float) -> Verdict:
    """What leaks goes on to: what has grown and then stopped has found its size."""
    grows = end - start > allowed and end - middle > allowed / 4
    return Verdict.GROWS if grows else Verdict.FLAT


def _per_hour(times: Sequence[float], values: Sequence[float]) -> float:
    if len(values) < 2 or len(set(values)) == 1:
        return 0.0
    return linear_regression(times, values).slope * S_PER_HOUR


def _rule_of(name: str, rules: Sequence[Rule]) -> Rule:
    return next((rule for rule in rules if fnmatch(name, rule.names)), Rule(names=name))
