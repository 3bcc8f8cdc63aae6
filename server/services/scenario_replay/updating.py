"""New expectations: what came out, as far as the old ones looked at it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from server.services.scenario_replay.comparison import are_rows
from server.services.scenario_replay.editing import with_member
from server.services.scenario_replay.end_state import EndState


def updated(expected: Mapping[str, Any], got: EndState) -> dict[str, Any]:
    """An expectation that holds of the end state and looks at the same places; of rows that are new, at all of them."""
    state = asdict(got)
    return {section: _as(expected[section], state[section]) for section in expected}


def write_expectation(path: Path, expected: Mapping[str, Any]) -> None:
    """Put the expectation into a scenario's file, and leave the rest as it is. Raises `OSError`."""
    text = path.read_bytes().decode("utf-8")
    path.write_bytes(with_member(text, "expect", expected).encode("utf-8"))


def _as(expected: Any, got: Any) -> Any:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return {key: _as(value, got.get(key)) for key, value in expected.items()}
    if are_rows(expected) and are_rows(got):
        return [
            _as(expected[number], row) if number < len(expected) else row for number, row in enumerate(got)
        ]
    return got
