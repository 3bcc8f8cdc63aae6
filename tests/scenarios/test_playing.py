"""What a turn may say beside a response: which note it means, which phase it was asked in, and that nobody answered."""

from typing import Any

from server.services.scenario_replay.end_state import EndState
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.scenario import Scenario
from tests.scenarios.test_loading import asking, scenario


def end_of(*turns: dict[str, Any], **start: Any) -> EndState:
    played = play_inline(Scenario.model_validate(scenario(start=start, turns=list(turns))))
    assert played.unresolved == ()
    return played.end_state


def notes(state: EndState) -> list[str]:
    return [row["note"] for row in state.user_notes]


def test_a_turn_may_name_a_note_that_an_earlier_one_made() -> None:
    state = end_of(
        asking("add_user_note", note="Likes tea."),
        asking("update_user_note", user_note_id="$note:Likes tea.", note="Likes: green tea."),
        asking("add_user_note", note="Has a dog."),
        asking("delete_user_note", user_note_id="$note:Likes: green tea."),
    )
    assert notes(state) == ["Has a dog."]


def test_of_notes_that_read_the_same_a_turn_may_name_each() -> None:
    start = {"user_notes": [{"ref": "a", "note": "Tea."}, {"ref": "b", "note": "Milk."}]}
    same = asking("update_user_note", user_note_id="$b", note="Tea.")
    second = asking("update_user_note", user_note_id="$note#2:Tea.", note="Coffee.")
    first = asking("update_user_note", user_note_id="$note:Tea.", note="Coffee.")
    assert notes(end_of(same, second, **start)) == ["Tea.", "Coffee."]
    assert notes(end_of(same, first, **start)) == ["Coffee.", "Tea."]


def test_a_note_that_is_not_there_is_told() -> None:
    turn = asking("delete_user_note", user_note_id="$note#2:Tea.")
    turns = [asking("add_user_note", note="Tea."), turn]
    (told,) = play_inline(Scenario.model_validate(scenario(turns=turns))).unresolved
    assert told.startswith("turn 2: delete_user_note.params.user_note_id is '$note#2:Tea.', and there is no")


def test_a_turn_may_say_which_phase_the_coach_was_asked_in() -> None:
    turn = asking("create_identity", name="Cook", category="spiritual", note="")
    assert end_of(turn).actions[0]["status"] == "rejected"
    assert end_of({**turn, "phase": "identity_brainstorming"}).actions[0]["status"] == "succeeded"


def test_a_user_may_be_left_without_an_answer() -> None:
    state = end_of({"user": "Hello?"}, {"user": "Anybody?", "response": {"message": "Yes."}})
    assert [row["content"] for row in state.messages] == ["Hello?", "Anybody?", "Yes."]
