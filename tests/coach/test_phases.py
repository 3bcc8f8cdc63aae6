"""What the offline coach makes of the user's words, phase by phase, when it has just asked its question."""

from typing import Any

import pytest

from server.enums.coaching_phase import CoachingPhase as Phase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.models.coach_turn import CoachTurn, KnownNote
from server.services.coach.offline.coach import respond
from server.services.coach.offline.rules import RULES
from tests.coach.turns import Wanted, asked, hear, identity, talk, wanted

GARDENER = {"identity_id": "id of Gardener"}
COOK = {"identity_id": "id of Cook"}
FIVE = tuple(GetToKnowYouQuestion)
LISTS = {"who_you_are": ("Mother",), "who_you_want_to_be": ("Calm",)}
TWO = (identity("Gardener"), identity("Cook"))


def moves(phase: Phase) -> Wanted:
    return {"transition_phase": {"to_phase": phase.value}}


def about(name: str) -> dict[str, str]:
    return {"identity_id": f"id of {name}"}


def both(state: str) -> tuple[Any, ...]:
    return (identity("Gardener", state), identity("Cook", state))


CASES: list[tuple[Phase, dict[str, Any], str, Wanted]] = [
    # introduction
    (Phase.INTRODUCTION, {}, "Ada", {"add_user_note": {"note": "Name: Ada"}}),
    (Phase.INTRODUCTION, {}, "Hello, I'm Ada Byron.", {"add_user_note": {"note": "Name: Ada Byron"}}),
    (Phase.INTRODUCTION, {}, "hello", {}),
    (Phase.INTRODUCTION, {}, "What will we do?", {}),
    (Phase.INTRODUCTION, {}, "I'm ready", moves(Phase.GET_TO_KNOW_YOU)),
    (Phase.INTRODUCTION, {"first_name": "Ada"}, "yes please", moves(Phase.GET_TO_KNOW_YOU)),
    (Phase.INTRODUCTION, {"first_name": "Ada"}, "no", {}),
    (
        Phase.INTRODUCTION,
        {"user_notes": (KnownNote(id="n1", note="Name: Ada"),)},
        "call me Eve",
        {"update_user_note": {"user_note_id": "n1", "note": "Name: Eve"}},
    ),
    # get_to_know_you
    (
        Phase.GET_TO_KNOW_YOU,
        {},
        "In Rome.",
        {
            "update_asked_questions": {"asked_question": "background_upbringing"},
            "add_user_note": {"note": "Background and upbringing: In Rome."},
        },
    ),
    (
        Phase.GET_TO_KNOW_YOU,
        {},
        "skip",
        {"update_asked_questions": {"asked_question": "background_upbringing"}},
    ),
    (Phase.GET_TO_KNOW_YOU, {}, "Why do you ask?", {}),
    (Phase.GET_TO_KNOW_YOU, {}, "done", moves(Phase.IDENTITY_WARM_UP)),
    (
        Phase.GET_TO_KNOW_YOU,
        {"asked_questions": FIVE[:4]},
        "To find peace",
        {
            "update_asked_questions": {"asked_question": "why_here_hopes"},
            "add_user_note": {"note": "Why here, and hopes: To find peace"},
            **moves(Phase.IDENTITY_WARM_UP),
        },
    ),
    (Phase.GET_TO_KNOW_YOU, {"asked_questions": FIVE}, "yes", moves(Phase.IDENTITY_WARM_UP)),
    # identity_warm_up
    (
        Phase.IDENTITY_WARM_UP,
        {},
        "I am a nurse and a mother.",
        {"update_who_you_are": {"who_you_are": ["Nurse", "Mother"]}},
    ),
    (Phase.IDENTITY_WARM_UP, {}, "a nurse", {"update_who_you_are": {"who_you_are": ["Nurse"]}}),
    (
        Phase.IDENTITY_WARM_UP,
        LISTS,
        "I'm a nurse. I want to be calm, and brave",
        {
            "update_who_you_are": {"who_you_are": ["Mother", "Nurse"]},
            "update_who_you_want_to_be": {"who_you_want_to_be": ["Calm", "Brave"]},
        },
    ),
    (
        Phase.IDENTITY_WARM_UP,
        {},
        "I\N{RIGHT SINGLE QUOTATION MARK}d like to become someone who keeps her word to herself and to others",
        {
            "update_who_you_want_to_be": {
                "who_you_want_to_be": ["Someone who keeps her word to herself and to others"]
            }
        },
    ),
    (Phase.IDENTITY_WARM_UP, LISTS, "I am a mother", {}),
    (Phase.IDENTITY_WARM_UP, LISTS, "yes", moves(Phase.IDENTITY_BRAINSTORMING)),
    (Phase.IDENTITY_WARM_UP, LISTS, "no", {}),
    (Phase.IDENTITY_WARM_UP, {}, "next", moves(Phase.IDENTITY_BRAINSTORMING)),
    (Phase.IDENTITY_WARM_UP, {}, "I am not sure", {}),
    # identity_brainstorming
    (
        Phase.IDENTITY_BRAINSTORMING,
        {},
        "Night gardener",
        {"create_identity": {"name": "Night gardener", "category": "passions_and_talents", "note": ""}},
    ),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"identity_focus": IdentityCategory.SPIRITUAL},
        "I am a seeker who prays at dawn",
        {
            "create_identity": {
                "name": "Seeker",
                "category": "spiritual",
                "note": "I am a seeker who prays at dawn",
            }
        },
    ),
    (Phase.IDENTITY_BRAINSTORMING, {}, "I love to work at night when it is quiet", {}),
    (Phase.IDENTITY_BRAINSTORMING, {}, "I don't know", {}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "yes", {"accept_identity": GARDENER}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "keep it", {"accept_identity": GARDENER}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "keep Cook", {"accept_identity": COOK}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "no", {"archive_identity": GARDENER}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "drop cook", {"archive_identity": COOK}),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "I am a cook", {}),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"identities": TWO},
        "rename Cook to Chef of the house",
        {"update_identity_name": {**COOK, "name": "Chef of the house"}},
    ),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "rename Cook to GARDENER", {}),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"identities": TWO},
        "note about cook: soups: mostly",
        {"add_identity_note": {**COOK, "note": "soups: mostly"}},
    ),
    (Phase.IDENTITY_BRAINSTORMING, {}, "next", {"select_identity_focus": {"category": "maker_of_money"}}),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"skipped_identity_categories": (IdentityCategory.MAKER_OF_MONEY,)},
        "skip",
        {
            "select_identity_focus": {"category": "keeper_of_money"},
            "skip_identity_category": {"category": "passions_and_talents"},
        },
    ),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"identities": TWO},
        "skip",
        {"select_identity_focus": {"category": "maker_of_money"}},
    ),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"skipped_identity_categories": (IdentityCategory.SPIRITUAL,)},
        "Spiritual",
        {
            "select_identity_focus": {"category": "spiritual"},
            "unskip_identity_category": {"category": "spiritual"},
        },
    ),
    (Phase.IDENTITY_BRAINSTORMING, {"identities": TWO}, "done", moves(Phase.BRAINSTORMING_REVIEW)),
    (Phase.IDENTITY_BRAINSTORMING, {}, "done", {}),
    (
        Phase.IDENTITY_BRAINSTORMING,
        {"identities": TWO, "identity_focus": IdentityCategory.DOER_OF_THINGS},
        "skip",
        {**moves(Phase.BRAINSTORMING_REVIEW), "skip_identity_category": {"category": "doer_of_things"}},
    ),
    # brainstorming_review
    (Phase.BRAINSTORMING_REVIEW, {"identities": TWO}, "yes", {"accept_identity": GARDENER}),
    (Phase.BRAINSTORMING_REVIEW, {"identities": TWO}, "no", {"archive_identity": GARDENER}),
    (
        Phase.BRAINSTORMING_REVIEW,
        {"identities": TWO},
        "Please combine cook and gardener",
        {"combine_identities": {"identity_id_a": "id of Cook", "identity_id_b": "id of Gardener"}},
    ),
    (Phase.BRAINSTORMING_REVIEW, {"identities": TWO}, "combine cook and cook", {}),
    (
        Phase.BRAINSTORMING_REVIEW,
        {"identities": (*TWO, identity("Cook / Gardener", "archived"))},
        "combine cook, gardener",
        {},
    ),
    (
        Phase.BRAINSTORMING_REVIEW,
        {"identities": TWO},
        "Cook is a part of Gardener",
        {"nest_identity": {"identity_id": "id of Cook", "parent_identity_id": "id of Gardener"}},
    ),
    (Phase.BRAINSTORMING_REVIEW, {"identities": TWO}, "next", moves(Phase.IDENTITY_REFINEMENT)),
    (Phase.BRAINSTORMING_REVIEW, {"identities": both("accepted")}, "no", moves(Phase.IDENTITY_REFINEMENT)),
    (Phase.BRAINSTORMING_REVIEW, {}, "yes", moves(Phase.IDENTITY_BRAINSTORMING)),
    # identity_refinement
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": both("accepted"), "current_identity_id": "id of Cook"},
        "call it Chef",
        {"update_identity_name": {**COOK, "name": "Chef"}},
    ),
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": both("accepted")},
        "perfect!",
        {"accept_identity_refinement": GARDENER},
    ),
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": both("accepted"), "current_identity_id": "id of Gardener"},
        "It is where I am quiet.",
        {"add_identity_note": {**GARDENER, "note": "It is where I am quiet."}},
    ),
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": both("accepted")},
        "It is where I am quiet.",
        {
            "add_identity_note": {**GARDENER, "note": "It is where I am quiet."},
            "set_current_identity": GARDENER,
        },
    ),
    (Phase.IDENTITY_REFINEMENT, {"identities": both("accepted")}, "next", {"set_current_identity": COOK}),
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": both("accepted")},
        "talk about cook",
        {"set_current_identity": COOK},
    ),
    (Phase.IDENTITY_REFINEMENT, {"identities": both("accepted")}, "drop it", {"archive_identity": GARDENER}),
    (Phase.IDENTITY_REFINEMENT, {"identities": both("accepted")}, "combine Cook and Gardener", {}),
    (
        Phase.IDENTITY_REFINEMENT,
        {"identities": (identity("Gardener", "accepted"), identity("Cook", "refinement_complete"))},
        "yes",
        {"accept_identity_refinement": GARDENER, **moves(Phase.ANYTHING_MISSING)},
    ),
    (Phase.IDENTITY_REFINEMENT, {"identities": both("accepted")}, "done", moves(Phase.ANYTHING_MISSING)),
    # anything_missing
    (
        Phase.ANYTHING_MISSING,
        {"identities": both("refinement_complete")},
        "no",
        moves(Phase.IDENTITY_COMMITMENT),
    ),
    (
        Phase.ANYTHING_MISSING,
        {"identities": both("refinement_complete")},
        "nothing",
        moves(Phase.IDENTITY_COMMITMENT),
    ),
    (Phase.ANYTHING_MISSING, {"identities": both("refinement_complete")}, "I am a friend", {}),
    (Phase.ANYTHING_MISSING, {}, "no", moves(Phase.IDENTITY_BRAINSTORMING)),
    (Phase.ANYTHING_MISSING, {"identities": TWO[:1]}, "yes", {"accept_identity_refinement": GARDENER}),
    # identity_commitment
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")},
        "I do",
        {"accept_identity_commitment": GARDENER},
    ),
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")},
        "no",
        {"archive_identity": GARDENER},
    ),
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")},
        "later",
        {"set_current_identity": COOK},
    ),
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")},
        "nest Cook in Gardener",
        {"nest_identity": {"identity_id": "id of Cook", "parent_identity_id": "id of Gardener"}},
    ),
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")[:1]},
        "yes",
        {"accept_identity_commitment": GARDENER, **moves(Phase.I_AM_STATEMENT)},
    ),
    (
        Phase.IDENTITY_COMMITMENT,
        {"identities": both("refinement_complete")[:1]},
        "no",
        {"archive_identity": GARDENER, **moves(Phase.IDENTITY_BRAINSTORMING)},
    ),
    # i_am_statement
    (
        Phase.I_AM_STATEMENT,
        {"identities": both("commitment_complete"), "current_identity_id": "id of Gardener"},
        "I am the one who waters at night.",
        {"update_i_am_statement": {**GARDENER, "i_am_statement": "I am the one who waters at night."}},
    ),
    (
        Phase.I_AM_STATEMENT,
        {"identities": both("commitment_complete"), "current_identity_id": "id of Gardener"},
        "statement: אני גנן",
        {"update_i_am_statement": {**GARDENER, "i_am_statement": "אני גנן"}},
    ),
    (Phase.I_AM_STATEMENT, {"identities": both("commitment_complete")}, "yes", {}),
    (
        Phase.I_AM_STATEMENT,
        {
            "identities": (
                identity("Gardener", "commitment_complete", i_am_statement="I am."),
                *both("commitment_complete")[1:],
            )
        },
        "yes",
        {"accept_i_am_statement": GARDENER},
    ),
    # identity_visualization
    (
        Phase.IDENTITY_VISUALIZATION,
        {"identities": both("i_am_complete"), "current_identity_id": "id of Gardener"},
        "A lamp, wet leaves.",
        {"update_identity_visualization": {**GARDENER, "visualization": "A lamp, wet leaves."}},
    ),
    (
        Phase.IDENTITY_VISUALIZATION,
        {"identities": (identity("Gardener", "i_am_complete", visualization="A lamp."),)},
        "yes",
        {"accept_identity_visualization": GARDENER},
    ),
    (Phase.IDENTITY_VISUALIZATION, {"identities": both("visualization_complete")}, "thank you", {}),
    # everywhere
    (Phase.IDENTITY_COMMITMENT, {}, "go to brainstorming review", moves(Phase.BRAINSTORMING_REVIEW)),
    (Phase.IDENTITY_WARM_UP, {}, "go to identity_warm_up", {}),
    (Phase.IDENTITY_WARM_UP, {}, "back", moves(Phase.GET_TO_KNOW_YOU)),
    (Phase.INTRODUCTION, {}, "back", {}),
    (Phase.IDENTITY_WARM_UP, {}, "remember: tea, no milk", {"add_user_note": {"note": "tea, no milk"}}),
    (
        Phase.IDENTITY_WARM_UP,
        {"user_notes": (KnownNote(id="n1", note="Tea, no milk"), KnownNote(id="n2", note="Rome"))},
        "forget: tea",
        {"delete_user_note": {"user_note_id": "n1"}},
    ),
    (Phase.IDENTITY_WARM_UP, {}, "help", {}),
    (Phase.IDENTITY_WARM_UP, {}, "list", {}),
    (Phase.IDENTITY_WARM_UP, {}, " \u200b… ", {}),
]


@pytest.mark.parametrize(
    ("phase", "state", "text", "actions"), CASES, ids=[f"{c[0].value}: {c[2]}" for c in CASES]
)
def test_words_lead_to_actions(phase: Phase, state: dict[str, Any], text: str, actions: Wanted) -> None:
    response = respond(hear(asked(phase, **state), text))
    assert wanted(response) == actions, response.message


@pytest.mark.parametrize("phase", Phase)
def test_a_yes_to_nothing_changes_nothing(phase: Phase) -> None:
    """Where the coach has not asked, a yes is no consent."""
    turn = hear(CoachTurn(phase=phase, identities=both("proposed")), "yes")
    assert wanted(respond(turn)) == {}


@pytest.mark.parametrize("phase", Phase)
def test_help_says_what_one_can_say_and_asks_again(phase: Phase) -> None:
    turn = asked(phase, identities=TWO)
    message = respond(hear(turn, "help")).message
    assert RULES[phase].help in message
    assert message.endswith(turn.messages[-1].content)


def test_the_first_message_is_a_welcome() -> None:
    response = respond(hear(CoachTurn(phase=Phase.INTRODUCTION), "hi"))
    assert response.message.startswith("Welcome")
    assert "What may I call you?" in response.message


def test_several_names_are_taken_up_one_after_the_other() -> None:
    turn, response = talk(asked(Phase.IDENTITY_BRAINSTORMING), "Night gardener and cook, also a runner")
    created = [wanted(response)["create_identity"]["name"]]
    assert "“Cook”: shall I add that too?" in response.message
    for text in ("yes", "sure"):
        turn, response = talk(turn, text)
        created.append(wanted(response)["create_identity"]["name"])
    assert created == ["Night gardener", "Cook", "Runner"]
    assert wanted(response)["create_identity"]["note"] == "Night gardener and cook, also a runner"


def test_a_waiting_name_can_be_declined_and_a_new_one_said_instead() -> None:
    turn, response = talk(asked(Phase.IDENTITY_BRAINSTORMING), "gardener, cook, runner", "no")
    assert "“Runner”: shall I add that too?" in response.message
    turn, response = talk(turn, "I am a painter")
    assert wanted(response)["create_identity"]["name"] == "Painter"
    assert "“Runner”: shall I add that too?" in response.message
    assert [one.name for one in turn.identities] == ["Gardener", "Painter"]


def test_a_waiting_name_outlives_a_call_for_help() -> None:
    _, response = talk(asked(Phase.IDENTITY_BRAINSTORMING), "gardener, cook", "help", "yes")
    assert wanted(response)["create_identity"]["name"] == "Cook"


def test_of_very_many_names_the_first_dozen_is_held_and_the_user_is_told() -> None:
    names = [f"Friend of {letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyzåäöüéèêàâîôûç" * 2]
    turn, response = talk(asked(Phase.IDENTITY_BRAINSTORMING), ", ".join(names))
    assert "I can hold a dozen names at once" in response.message
    turn, response = talk(turn, *["yes"] * 11)
    assert [one.name for one in turn.identities] == names[:12]
    assert "shall I add" not in response.message


def test_moving_on_says_which_names_are_left_out() -> None:
    turn, response = talk(asked(Phase.IDENTITY_BRAINSTORMING), "gardener, cook, runner", "next")
    assert "I leave out “Cook” and “Runner”." in response.message
    assert turn.identity_focus is IdentityCategory.MAKER_OF_MONEY
    assert "shall I add" not in response.message


def test_a_missing_identity_is_placed_and_refined() -> None:
    turn = asked(Phase.ANYTHING_MISSING, identities=both("refinement_complete"))
    turn, response = talk(turn, "I am a good friend and a neighbour")
    assert "Which part of life does “Good friend” belong to" in response.message
    turn, response = talk(turn, "money", "the familial one")
    assert wanted(response)["create_identity"]["category"] == "familial_relations"
    assert "Which part of life does “Neighbour” belong to" in response.message
    turn, response = talk(turn, "no")
    assert "Is “Good friend” the name that fits best?" in response.message
    turn, response = talk(turn, "yes")
    assert wanted(response) == {"accept_identity_refinement": about("Good friend")}
    assert "Is anything missing?" in response.message


def test_words_about_a_missing_identity_are_no_names() -> None:
    turn = asked(Phase.ANYTHING_MISSING, identities=TWO[:1], current_identity_id="id of Gardener")
    turn, response = talk(turn, "quiet and mine")
    assert wanted(response) == {"add_identity_note": {**GARDENER, "note": "quiet and mine"}}
    turn, response = talk(turn, "call it Moon Gardener", "yes")
    assert wanted(response) == {"accept_identity_refinement": GARDENER}
    assert "Is anything missing?" in response.message


def test_a_better_name_is_asked_for_after_a_no() -> None:
    turn = asked(Phase.IDENTITY_REFINEMENT, identities=both("accepted"), current_identity_id="id of Gardener")
    _, response = talk(turn, "no", "Keeper of the night")
    assert wanted(response) == {"update_identity_name": {**GARDENER, "name": "Keeper of the night"}}


def test_a_statement_is_read_back_before_it_is_accepted() -> None:
    turn = asked(
        Phase.I_AM_STATEMENT, identities=both("commitment_complete"), current_identity_id="id of Gardener"
    )
    turn, response = talk(turn, "I am calm.")
    assert "“I am calm.” Is that how you want to say it?" in response.message
    _, response = talk(turn, "yes")
    assert wanted(response) == {"accept_i_am_statement": GARDENER}


def test_a_statement_that_was_not_written_down_is_not_accepted() -> None:
    """The action may have failed, or not have run yet: what the coach read back is not what is there."""
    turn = asked(
        Phase.I_AM_STATEMENT, identities=both("commitment_complete"), current_identity_id="id of Gardener"
    )
    after, _ = talk(turn, "I am calm.")
    stale = CoachTurn(phase=turn.phase, identities=turn.identities, messages=after.messages)
    assert wanted(respond(hear(stale, "yes"))) == {}


def test_the_last_picture_ends_with_a_goodbye() -> None:
    pictured = identity("Gardener", "i_am_complete", visualization="A lamp.")
    _, response = talk(asked(Phase.IDENTITY_VISUALIZATION, identities=(pictured,)), "yes")
    assert response.message.startswith("I will keep it.\n\nThat was the last picture.")


def test_a_long_text_is_kept_to_its_limit_and_the_user_is_told() -> None:
    text = "I dream of water. " * 1_000
    response = respond(hear(asked(Phase.GET_TO_KNOW_YOU), text))
    note = wanted(response)["add_user_note"]["note"]
    assert len(note) <= 4_000
    assert note.endswith("…")
    assert "keep its beginning" in response.message
