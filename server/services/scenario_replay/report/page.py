"""The report of a replay: one HTML page that needs nothing beside itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from server.services.scenario_replay.comparison import MISSING
from server.services.scenario_replay.judging import Found, Verdict
from server.services.scenario_replay.lanes import LANES, Timings
from server.services.scenario_replay.report.figures import culprits, spread, throughput
from server.services.scenario_replay.report.svg import duration, lane_chart, spread_chart, throughput_chart

HANDLERS = "server/services/action_handler/actions"
MOST_DIFFERENCES = 50
LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a replay came to. `timings` is None where nothing went through the queue."""

    verdicts: Sequence[Verdict]
    timings: Timings | None
    began_at: datetime
    seconds: float
    version: str


def render(report: Report) -> str:
    """The page, as HTML."""
    engine = Engine(dirs=[str(Path(__file__).parent)], autoescape=True)
    return engine.get_template("report.html").render(Context(_content(report)))


def _content(report: Report) -> dict[str, Any]:
    differing = [verdict for verdict in report.verdicts if not verdict.is_as_expected]
    actions = sum(verdict.actions * verdict.copies for verdict in report.verdicts)
    copies = sum(verdict.copies for verdict in report.verdicts)
    return {
        "began_at": report.began_at.strftime("%Y-%m-%d %H:%M:%S %Z").strip(),
        "version": report.version,
        "scenarios": [_scenario(verdict) for verdict in [*differing, *_others(report.verdicts)]],
        "count": len(report.verdicts),
        "differing": len(differing),
        "copies": copies,
        "is_inline": report.timings is None,
        "actions": f"{actions:,}",
        "seconds": report.seconds,
        "rate": actions / max(report.seconds, 0.001),
        "culprits": [
            {"is": culprit, "file": f"{HANDLERS}/{culprit.action_type}.py"}
            for culprit in culprits(report.verdicts)
        ],
        "differences": sum(len(verdict.found) for verdict in differing),
        "timings": _timings(report.timings) if report.timings and report.timings.count else None,
    }


def _others(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.is_as_expected]


def _scenario(verdict: Verdict) -> dict[str, Any]:
    shown = verdict.found[:MOST_DIFFERENCES]
    return {
        "verdict": verdict,
        "found": [
            {
                "place": one.difference.place,
                "expected": _text(one.difference.expected),
                "got": _text(one.difference.got),
                "by": _by(one),
            }
            for one in shown
        ],
        "more": len(verdict.found) - len(shown),
        "disagreements": [
            {
                "copy": one.copy,
                "found": [
                    {"place": each.place, "expected": _text(each.expected), "got": _text(each.got)}
                    for each in one.differences[:MOST_DIFFERENCES]
                ],
            }
            for one in verdict.disagreements[:MOST_DIFFERENCES]
        ],
        "median": duration(sorted(verdict.seconds)[len(verdict.seconds) // 2]),
    }


def _by(found: Found) -> str:
    if found.by is None:
        return "none: it was so from the start"
    return (
        f"{found.by}, which says it was applied and changed nothing" if found.has_done_nothing else found.by
    )


def _timings(timings: Timings) -> dict[str, Any]:
    waited, ran, ended = spread(timings.waited_s), spread(timings.ran_s), throughput(timings.finished_at)
    since = min((one.queued_at for lane in timings.lanes for one in lane.actions), default=0.0)
    until = max((one.finished_at for lane in timings.lanes for one in lane.actions), default=since)
    return {
        "throughput": ended and throughput_chart(ended),
        "spreads": [
            {
                "title": title,
                "chart": spread_chart(found, title),
                "figures": [
                    (name, duration(getattr(found, name))) for name in ("p50", "p95", "p99", "longest")
                ],
            }
            for title, found in (("Waited until it ran", waited), ("Ran", ran))
            if found
        ],
        "lanes": [
            {"lane": lane, "chart": lane_chart(lane, since, until)} for lane in timings.lanes if lane.actions
        ],
        "until": duration(until - since),
        "not_drawn": timings.count - len(timings.lanes),
        "most_lanes": LANES,
        "slowest": [
            {"is": slow, "waited": duration(slow.action.waited_s), "ran": duration(slow.ran_s)}
            for slow in timings.slowest()
        ],
        "retries": [
            {"action_type": action_type, "why": why, "count": count}
            for (action_type, why), count in timings.retries.most_common()
        ],
    }


def _text(value: Any) -> str:
    text = value if value == MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
