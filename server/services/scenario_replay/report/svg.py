"""The drawings of a report: SVG text, in colours that the page's style names. What is drawn stands in a table, too."""

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from server.services.scenario_replay.lanes import Lane, Timed
from server.services.scenario_replay.report.figures import BOUNDS_S, Spread, Throughput

WIDTH = 960
HEIGHT = 150
FOOT = 22
LANE_HEIGHT = 20
NARROWEST = 1.2
"""Pixels of the WIDTH: an action that took no time is still seen."""


def throughput_chart(throughput: Throughput) -> SafeString:
    """How many actions ended a second, over the run."""
    rates = [count / throughput.part_s for count in throughput.counts]
    labels = [
        f"after {number * throughput.part_s:.1f} s: {rate:,.0f} a second" for number, rate in enumerate(rates)
    ]
    ends = ("0 s", f"{throughput.part_s * len(rates):,.1f} s")
    return _bars(rates, labels, f"Actions ended a second, up to {max(rates):,.0f}", ends)


def spread_chart(spread: Spread, title: str) -> SafeString:
    """How many actions took how long."""
    names = [*(f"up to {duration(bound)}" for bound in BOUNDS_S), f"over {duration(BOUNDS_S[-1])}"]
    labels = [f"{name}: {count:,}" for name, count in zip(names, spread.bars, strict=True)]
    return _bars(spread.bars, labels, title, (names[0], names[-1]))


def lane_chart(lane: Lane, since: float, until: float) -> SafeString:
    """One lane from left to right: when each action ran, and pale, how long something waited."""
    scale = WIDTH / max(until - since, 0.001)
    rows = list(_runs(lane.actions, since, scale))
    return format_html(
        '<svg class="lane" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>',
        WIDTH,
        LANE_HEIGHT,
        f"{lane.scenario}: {len(lane.actions)} actions",
        _waiting(lane.actions, since, scale),
        format_html_join(
            "", '<rect class="{}" x="{}" y="2" width="{}" height="16"><title>{}</title></rect>', rows
        ),
    )


def duration(seconds: float) -> str:
    """`12 ms`, `1.25 s`."""
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _runs(actions: Sequence[Timed], since: float, scale: float) -> Iterator[tuple[str, str, str, str]]:
    for number, action in enumerate(actions, start=1):
        began = action.finished_at if action.started_at is None else action.started_at
        width = max((action.finished_at - began) * scale, NARROWEST)
        told = f"{number}. {action.action_type}: {action.status}, waited {duration(action.waited_s)}"
        attempts = f", {action.attempts} attempts" if action.attempts > 1 else ""
        yield (
            action.status,
            f"{(began - since) * scale:.1f}",
            f"{width:.1f}",
            f"{told}, ran {duration(action.ran_s)}{attempts}",
        )


def _waiting(actions: Sequence[Timed], since: float, scale: float) -> SafeString:
    if not actions:
        return SafeString("")
    first = min(action.queued_at for action in actions)
    last = max(action.finished_at for action in actions)
    return format_html(
        '<rect class="waiting" x="{}" y="8" width="{}" height="4"/>',
        f"{(first - since) * scale:.1f}",
        f"{(last - first) * scale:.1f}",
    )


def _bars(values: Sequence[float], labels: Sequence[str], title: str, ends: tuple[str, str]) -> SafeString:
    highest, width = max([*values, 1e-9]), WIDTH / len(values)
    drawn = []
    for number, (value, label) in enumerate(zip(values, labels, strict=True)):
        height = value / highest * (HEIGHT - FOOT - 4)
        drawn.append(
            (
                f"{number * width + 1:.1f}",
                f"{HEIGHT - FOOT - height:.1f}",
                f"{width - 2:.1f}",
                f"{height:.1f}",
                label,
            )
        )
    bars = format_html_join(
        "", '<rect class="bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', drawn
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>'
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text></svg>',
        WIDTH,
        HEIGHT,
        title,
        bars,
        WIDTH,
        HEIGHT - FOOT,
        HEIGHT - FOOT,
        HEIGHT - 5,
        ends[0],
        WIDTH,
        HEIGHT - 5,
        ends[1],
    )
