"""Comparing what a replay came to with what was expected, or with another replay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server.services.scenario_replay.end_state import EndState

MISSING = "nothing"
"""What stands for a row that one of the two does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`place` is as in a scenario's `expect`: `identities[1].state`."""

    place: str
    expected: Any
    got: Any


def differences_from(expected: Mapping[str, Any], got: EndState) -> list[Difference]:
    """Where an end state is not as expected: only what is written is compared; lists are compared whole, in order."""
    state = asdict(got)
    return [
        found
        for section in expected
        for found in _differences(section, expected[section], state.get(section))
    ]


def differences_between(one: EndState, other: EndState) -> list[Difference]:
    """Where two end states differ, `one` being what was expected."""
    return [] if one == other else differences_from(asdict(one), other)


def _differences(place: str, expected: Any, got: Any) -> Iterator[Difference]:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key, value in expected.items():
            yield from _differences(f"{place}.{key}", value, got.get(key))
    elif are_rows(expected) and are_rows(got):
        for number in range(max(len(expected), len(got))):
            yield from _differences(f"{place}[{number}]", _at(expected, number), _at(got, number))
    elif expected != got:
        yield Difference(place=place, expected=expected, got=got)


def are_rows(value: Any) -> bool:
    """Whether it is a list of rows. A list of texts differs as a whole: that is read more easily."""
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(one, Mapping) for one in value)
    )


def _at(rows: Sequence[Any], number: int) -> Any:
    return rows[number] if number < len(rows) else MISSING
