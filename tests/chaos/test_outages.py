"""What counts of a wait: an outage begins the limit anew, and is none of the wait."""

import pytest

from tests.chaos.crowd import longest_without
from tests.chaos.system import Outages
from tests.chaos.verdict import Wait

SPANS = [(10.0, 11.0), (14.0, 15.0)]


@pytest.mark.parametrize(
    ("ready", "started", "counts"),
    [(0, 5, 5), (9, 16, 3), (10.5, 10.8, 0), (10.5, 13, 2), (12, 14.5, 2), (16, 18, 2), (1, 16, 9)],
)
def test_the_longest_time_without_an_outage_counts(ready: float, started: float, counts: float) -> None:
    assert longest_without(Outages(spans=SPANS), Wait(ready, started)) == counts


def test_an_outage_that_is_not_over_counts_as_one() -> None:
    outages = Outages()
    outages.see(is_up=False)
    assert longest_without(outages, Wait(0.0, 4e9)) < 4e9
    assert longest_without(outages, Wait(3e9, 4e9)) == 0


def test_an_outage_that_nobody_sees_lasts_as_long_as_it_was_told_to() -> None:
    outages = Outages()
    outages.last(600)
    outages.see(is_up=True)
    assert outages.spans == []
    outages.last(0)
    assert longest_without(outages, Wait(3e9, 4e9)) == 0
