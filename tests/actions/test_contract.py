"""Every action has its cases."""

import pytest

from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from tests.actions.every_case import CASES_OF, cases_that

NEVER_SKIPPED = {ActionType.NEST_IDENTITY, ActionType.COMBINE_IDENTITIES}
"""Actions that always have something to do: the design gives them no skip rule."""


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_every_action_has_a_case_that_is_applied(action_type: ActionType) -> None:
    assert cases_that(ActionStatus.SUCCEEDED, action_type), (
        f"{action_type.value} has no applied case: add one to CASES of the file of tests/actions/ that it belongs to "
        "(test_identities.py, test_ladder.py, test_merging.py, test_coach_state.py, test_user_notes.py, or one of its "
        "own). The cases of bad ids, texts and lists are derived from it by test_rejects.py."
    )


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_every_action_has_a_case_that_is_skipped(action_type: ActionType) -> None:
    skipped = cases_that(ActionStatus.SKIPPED, action_type)
    if action_type in NEVER_SKIPPED:
        assert not skipped, f"tests/actions/test_contract.py: take {action_type.value} out of NEVER_SKIPPED"
        return
    assert skipped, (
        f"{action_type.value} has no skipped case: add one beside its applied case in tests/actions/, or, where it "
        "always has something to do, put it into NEVER_SKIPPED of tests/actions/test_contract.py."
    )


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_no_two_cases_of_an_action_have_one_name(action_type: ActionType) -> None:
    names = [case.name for case in CASES_OF[action_type]]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_every_summary_is_one_sentence(action_type: ActionType) -> None:
    for case in CASES_OF[action_type]:
        assert case.summary.endswith("."), case.summary
        assert case.summary[0].isupper(), case.summary
        assert "\n" not in case.summary, case.summary
