"""The results of a replay, for programs: what `coach replay --json` writes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from server.services.scenario_replay.judging import Verdict


def results_of(verdicts: Sequence[Verdict], seconds: float, applying_s: float | None) -> dict[str, Any]:
    """In plain values; `seconds` is what the whole replay took.

    `applying_seconds` is that from the first action's start until the last one's end; None where none was queued.
    """
    return {
        "format": 1,
        "seconds": round(seconds, 3),
        "applying_seconds": None if applying_s is None else round(applying_s, 3),
        "scenarios": [
            {
                "name": verdict.scenario.name,
                "as_expected": verdict.is_as_expected,
                "copies": verdict.copies,
                "seconds": [round(one, 4) for one in verdict.seconds],
                "differences": [{**asdict(one.difference), "by": one.by} for one in verdict.found],
                "unresolved": list(verdict.unresolved),
                "unsettled": verdict.unsettled,
                "disagreements": [asdict(one) for one in verdict.disagreements],
                "end_state": asdict(verdict.end_state),
            }
            for verdict in verdicts
        ],
    }
