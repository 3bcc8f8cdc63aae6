"""What is made of copies that do not agree."""

from dataclasses import replace

import pytest

from server.services.scenario_replay.comparison import Difference
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Disagreement, Judge
from server.services.scenario_replay.lanes import Lane
from server.services.scenario_replay.run import Played
from server.services.scenario_replay.scenario import Scenario
from tests.scenarios.test_loading import asking, scenario

KEEPS_A_NOTE = Scenario.model_validate(scenario(turns=[asking("add_user_note", note="Likes tea.")]))


@pytest.fixture
def played() -> Played:
    """A copy that came to what playing in this process comes to."""
    end_state = play_inline(KEEPS_A_NOTE).end_state
    return Played(
        scenario=KEEPS_A_NOTE,
        copy=1,
        end_state=end_state,
        unresolved=(),
        seconds=0.1,
        is_settled=True,
        lane=Lane(scenario=KEEPS_A_NOTE.name, copy=1, actions=()),
    )


def test_copies_that_agree_are_as_expected(played: Played) -> None:
    judge = Judge()
    for copy in (1, 2):
        judge.take(replace(played, copy=copy))
    (verdict,) = judge.verdicts
    assert (verdict.is_as_expected, verdict.copies) == (True, 2)


def test_a_copy_that_came_to_something_else_disagrees(played: Played) -> None:
    judge = Judge()
    judge.take(played)
    other = replace(played.end_state, user_notes=[])
    verdict = judge.take(replace(played, copy=2, end_state=other))
    note = {"note": "Likes tea."}
    assert not verdict.is_as_expected
    assert verdict.disagreements == [
        Disagreement(copy=2, differences=(Difference(place="user_notes[0]", expected=note, got="nothing"),))
    ]


def test_copies_played_in_this_process_must_agree_with_the_first() -> None:
    judge = Judge()
    first = play_inline(KEEPS_A_NOTE)
    assert judge.take_inline(KEEPS_A_NOTE, first).is_as_expected
    other = replace(first, end_state=replace(first.end_state, user_notes=[]))
    verdict = judge.take_inline(KEEPS_A_NOTE, other, copy=2)
    assert (verdict.copies, [one.copy for one in verdict.disagreements]) == (2, [2])


def test_a_copy_that_did_not_come_to_its_end_is_told(played: Played) -> None:
    verdict = Judge().take(replace(played, is_settled=False))
    assert (verdict.is_as_expected, verdict.unsettled) == (False, [1])


def test_another_expectation_may_be_given(played: Played) -> None:
    verdict = Judge({KEEPS_A_NOTE.name: {"user_notes": []}}).take(played)
    assert [(one.difference.place, one.by) for one in verdict.found] == [
        ("user_notes[0]", "1. add_user_note")
    ]
