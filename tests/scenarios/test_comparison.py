"""What counts as a difference."""

from typing import Any

import pytest

from server.services.scenario_replay.comparison import (
    MISSING,
    Difference,
    differences_between,
    differences_from,
)
from server.services.scenario_replay.end_state import EndState

STATE = EndState(
    coach_state={"current_phase": "introduction", "current_identity": None, "who_you_are": ["kind"]},
    identities=[
        {"name": "Cook", "state": "proposed", "notes": []},
        {"name": "Gardener", "state": "accepted"},
    ],
    user_notes=[{"note": "Likes tea."}],
    actions=[{"action_type": "add_user_note", "status": "succeeded"}],
    messages=[],
)


def difference(place: str, expected: Any, got: Any) -> Difference:
    return Difference(place=place, expected=expected, got=got)


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"coach_state": {}},
        {"coach_state": {"current_phase": "introduction"}},
        {"coach_state": {"current_identity": None}},
        {"identities": [{}, {"state": "accepted"}]},
        {"identities": [{"notes": []}, {}], "messages": []},
    ],
)
def test_only_what_is_written_is_compared(expected: dict[str, Any]) -> None:
    assert differences_from(expected, STATE) == []


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (
            {"coach_state": {"current_phase": "identity_warm_up"}},
            [difference("coach_state.current_phase", "identity_warm_up", "introduction")],
        ),
        (
            {"coach_state": {"who_you_are": ["kind", "brave"]}},
            [difference("coach_state.who_you_are", ["kind", "brave"], ["kind"])],
        ),
        (
            {"identities": [{"name": "Gardener"}, {"name": "Cook"}]},
            [
                difference("identities[0].name", "Gardener", "Cook"),
                difference("identities[1].name", "Cook", "Gardener"),
            ],
        ),
        ({"identities": [{}]}, [difference("identities[1]", MISSING, STATE.identities[1])]),
        ({"identities": []}, [difference(f"identities[{n}]", MISSING, STATE.identities[n]) for n in (0, 1)]),
        ({"messages": [{"role": "user"}]}, [difference("messages[0]", {"role": "user"}, MISSING)]),
        ({"moods": ["glad"]}, [difference("moods", ["glad"], None)]),
    ],
    ids=[
        "a value",
        "a list of texts",
        "another order",
        "one too many",
        "none expected",
        "one too few",
        "what another version had",
    ],
)
def test_a_difference_has_its_place_and_both_values(
    expected: dict[str, Any], found: list[Difference]
) -> None:
    assert differences_from(expected, STATE) == found


def test_two_end_states_are_compared_whole() -> None:
    assert differences_between(STATE, STATE) == []
