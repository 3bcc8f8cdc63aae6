"""Flat, grown and then flat, growing."""

from collections.abc import Callable
from random import Random

import pytest

from tests.soak.judge import Judged, Rule, Sample, Verdict, judge, warm

HALF_AN_HOUR = 180
NOISE = Random(7)


def judged(value: Callable[[int], float], *rules: Rule) -> Judged:
    """What is said of a figure that has this value at the n-th of the looks."""
    samples = [Sample(at_s=10.0 * n, figures={"web: USS MiB": value(n)}) for n in range(HALF_AN_HOUR)]
    (one,) = judge(samples, rules or [Rule(names="*: USS MiB", tolerance=5.0)])
    return one


@pytest.mark.parametrize(
    ("what", "value", "verdict"),
    [
        ("stays", lambda n: 100.0 + 0 * n, Verdict.FLAT),
        ("falls", lambda n: 100.0 - n / 10, Verdict.FLAT),
        ("goes up and down", lambda n: 100.0 + NOISE.uniform(-20, 20) * (n % 11 == 0), Verdict.FLAT),
        ("warms up", lambda n: 100.0 + min(n, 30), Verdict.FLAT),
        ("finds its size late", lambda n: 100.0 + min(n, 80) / 8, Verdict.FLAT),
        ("leaks", lambda n: 100.0 + n / 20, Verdict.GROWS),
        ("leaks under noise", lambda n: 100.0 + n / 15 + NOISE.uniform(-1, 1), Verdict.GROWS),
        ("leaps near the end", lambda n: 100.0 + 30 * (n > 150), Verdict.GROWS),
        ("leaks what is allowed", lambda n: 100.0 + n / 60, Verdict.FLAT),
    ],
)
def test_what_grows_is_told_from_what_does_not(
    what: str, value: Callable[[int], float], verdict: Verdict
) -> None:
    assert judged(value).verdict is verdict, what


def test_the_slope_is_told_by_the_hour() -> None:
    assert judged(lambda n: 100.0 + n / 20).per_hour == pytest.approx(18.0)


def test_the_first_rule_whose_names_match_holds() -> None:
    rules = [Rule(names="web*", verdict=Verdict.DATA), Rule(names="*", tolerance=0.0)]
    assert judged(float, *rules).verdict is Verdict.DATA
    assert judged(float, Rule(names="redis*", tolerance=0.0)).verdict is Verdict.SHOWN


def test_a_share_of_the_start_is_allowed() -> None:
    assert (
        judged(lambda n: 100.0 + n / 10, Rule(names="*", tolerance=1.0, relative=0.5)).verdict is Verdict.FLAT
    )


def test_of_a_very_short_run_two_looks_are_left() -> None:
    samples = [Sample(at_s=at_s, figures={"one": at_s}) for at_s in (0.0, 0.1)]
    assert warm(samples) == samples
