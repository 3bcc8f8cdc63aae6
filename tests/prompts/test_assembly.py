"""What stands in a prompt, in which order, and what is left out where there is no room."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pkgutil import iter_modules
from typing import Any

import pytest

from server.apps.users.models import User
from server.enums.action_status import OPEN_STATUSES, ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn, KnownNote
from server.services import prompt_manager
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddUserNoteParams,
    CreateIdentityParams,
)
from server.services.action_handler.utils.action_instructions import action_instructions
from server.services.action_queue.accept import accept_user_message
from server.services.coach.reply import prepare_turn
from server.services.prompt_manager import assembly
from server.services.prompt_manager import outcomes as outcomes_module
from server.services.prompt_manager.assembly import PROMPT_LIMIT, assemble
from server.services.prompt_manager.conversation import OPEN_ROOM, size_of
from server.services.prompt_manager.knowledge import KNOWLEDGE_LIMIT, knowledge
from server.services.prompt_manager.outcomes import OUTCOMES
from server.services.prompt_manager.phases import PHASE_PROMPTS, allowed_actions
from server.services.prompt_manager.prompt import system
from server.services.prompt_manager.system import SYSTEM_PROMPT
from server.testing.perform import accept, drain
from tests.prompts.example import GARDENER, action, coach, example, user
from tests.prompts.reading import known, outcomes, roles, said, told

MESSAGE_LIMIT = 20_000
REFINEMENT = CoachingPhase.IDENTITY_REFINEMENT


def turn_of(*messages: Any) -> CoachTurn:
    return CoachTurn(phase=REFINEMENT, messages=messages)


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_prompt_is_the_system_prompt_what_is_known_the_phase_with_its_actions_and_the_messages(
    phase: CoachingPhase,
) -> None:
    prompt = assemble(example(phase))
    rules, _, task, *conversation = prompt.messages
    assert prompt.phase is phase
    assert {rules.role, task.role} == {"system"}
    assert rules.content == SYSTEM_PROMPT
    assert known(prompt)["phase"] == phase
    assert task.content.startswith(PHASE_PROMPTS[phase].text)
    assert task.content.endswith(action_instructions(allowed_actions(phase)))
    assert [message.role for message in conversation] == [
        "user", "assistant", "system", "user", "assistant", "system", "user",
    ]  # fmt: skip


@pytest.mark.parametrize("phase", CoachingPhase)
def test_the_instructions_tell_each_allowed_action_and_no_other(phase: CoachingPhase) -> None:
    told = {
        one
        for one in ActionType
        if f"\n- `{one.value}`: " in f"\n{action_instructions(allowed_actions(phase))}"
    }
    assert told == allowed_actions(phase)


def test_what_is_known_is_the_state_with_ids_and_the_users_words() -> None:
    data = known(assemble(example(REFINEMENT)))
    assert data == {
        "phase": "identity_refinement",
        "first_name": "Ada",
        "identity_focus": "maker_of_money",
        "skipped_identity_categories": ["spiritual"],
        "asked_questions": [
            "background_upbringing", "family_structure", "work_living", "hobbies_interests", "why_here_hopes",
        ],
        "who_you_are": ["Mother", "Nurse on nights"],
        "who_you_want_to_be": ["Calm"],
        "identities": [
            {
                "id": "00000000-0000-4000-8000-000000000001",
                "name": "Night Gardener",
                "category": "passions_and_talents",
                "state": "accepted",
                "i_am_statement": "I am the Night Gardener.",
                "notes": ["Waters the beds after ten", "It is the only quiet hour"],
            },
            {
                "id": "00000000-0000-4000-8000-000000000002",
                "name": "Nurse",
                "category": "maker_of_money",
                "state": "proposed",
            },
        ],
        "current_identity": {
            "id": "00000000-0000-4000-8000-000000000001",
            "name": "Night Gardener",
            "category": "passions_and_talents",
            "state": "accepted",
        },
        "archived_identities": ["Pilot"],
        "user_notes": [{"id": "00000000-0000-4000-9000-000000000001", "note": "Name: Ada"}],
        "left_out": {},
    }  # fmt: skip


def test_only_what_succeeded_is_told_as_done_and_only_what_is_open_as_open() -> None:
    assert set(OUTCOMES) == set(ActionStatus)
    assert {status for status in ActionStatus if OUTCOMES[status] == "done"} == {ActionStatus.SUCCEEDED}
    assert {status for status in ActionStatus if OUTCOMES[status] == "open"} == OPEN_STATUSES


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ActionStatus.QUEUED, {"outcome": "open"}),
        (ActionStatus.RUNNING, {"outcome": "open"}),
        (ActionStatus.RETRYING, {"outcome": "open"}),
        (ActionStatus.PARKED, {"outcome": "open"}),
        (ActionStatus.SUCCEEDED, {"outcome": "done", "summary": "What its row says."}),
        (ActionStatus.SKIPPED, {"outcome": "nothing_to_do", "summary": "What its row says."}),
        (ActionStatus.REJECTED, {"outcome": "rejected", "reason": "What its row says."}),
        (ActionStatus.DEAD, {"outcome": "failed"}),
        (ActionStatus.CANCELLED, {"outcome": "cancelled"}),
    ],
    ids=str,
)
def test_what_became_of_an_action_is_told_after_the_message(
    status: ActionStatus, expected: dict[str, str]
) -> None:
    past = action(status, said="What its row says.", note="Tea")
    prompt = assemble(turn_of(coach("I will keep that.", past), user("Thanks.")))
    assert roles(prompt) == "asu"
    assert said(prompt, "assistant") == [
        '{"message": "I will keep that.", "add_user_note": {"params": {"note": "Tea"}}}'
    ]
    assert outcomes(prompt) == [[{"action": "add_user_note", **expected}]]


def test_nothing_is_told_after_a_message_without_actions() -> None:
    assert roles(assemble(turn_of(coach("Hello."), user("Hello.")))) == "au"


def test_the_system_prompt_explains_every_outcome_and_mark() -> None:
    for outcome in OUTCOMES.values():
        assert f"\n- `{outcome}`: " in SYSTEM_PROMPT, f"system.md does not say what {outcome!r} means"
    modules = (
        importlib.import_module(one.name)
        for one in iter_modules(prompt_manager.__path__, "server.services.prompt_manager.")
    )
    marks = {module.MARK for module in modules if hasattr(module, "MARK")}
    assert marks >= {"what_you_know", "outcomes"}
    for mark in marks:
        assert f"<{mark}>" in SYSTEM_PROMPT, f"system.md does not say what stands in <{mark}>"


def test_the_system_prompt_speaks_of_no_action_that_some_phase_does_not_allow() -> None:
    everywhere = frozenset.intersection(*(prompt.allowed_actions for prompt in PHASE_PROMPTS.values()))
    spoken_of = {one for one in ActionType if f"`{one.value}`" in SYSTEM_PROMPT}
    assert spoken_of == {ActionType.ADD_USER_NOTE, ActionType.UPDATE_USER_NOTE, ActionType.DELETE_USER_NOTE}
    assert spoken_of <= everywhere


# What has no room


@pytest.mark.parametrize("phase", CoachingPhase)
def test_the_longest_message_has_room_beside_all_that_may_be_known(phase: CoachingPhase) -> None:
    ours = size_of(assemble(CoachTurn(phase=phase)).messages)
    assert ours + KNOWLEDGE_LIMIT + OPEN_ROOM + MESSAGE_LIMIT <= PROMPT_LIMIT - MESSAGE_LIMIT, (
        "Leave some room for a conversation: shorten the prompt or raise PROMPT_LIMIT."
    )


def test_the_oldest_messages_are_left_out_first() -> None:
    long = [user(f"{number} " + "x" * 9_000) for number in range(40)]
    prompt = assemble(turn_of(*long))
    kept = said(prompt, "user")
    assert 5 < len(kept) < 40
    assert kept == [one.content for one in long][-len(kept) :]
    assert size_of(prompt.messages) <= PROMPT_LIMIT


def test_a_short_message_before_a_long_one_that_has_no_room_is_left_out_too() -> None:
    ours = size_of(assemble(turn_of()).messages)
    prompt = assemble(turn_of(user("first"), user("x" * 900), user("last")), limit=ours + OPEN_ROOM + 100)
    assert said(prompt, "user") == ["last"]


def test_a_message_and_what_became_of_its_actions_go_together() -> None:
    asked = coach("I will keep that.", action(ActionStatus.SUCCEEDED, said="x" * 500, note="Tea"))
    ours = size_of(assemble(turn_of()).messages)
    prompt = assemble(turn_of(asked, user("last")), limit=ours + OPEN_ROOM + 300)
    assert roles(prompt) == "u"


def test_the_last_message_is_never_left_out() -> None:
    prompt = assemble(turn_of(user("first"), user("x" * MESSAGE_LIMIT)), limit=0)
    assert said(prompt, "user") == ["x" * MESSAGE_LIMIT]


def test_what_is_open_is_told_where_its_message_is_left_out() -> None:
    waiting = action(ActionStatus.QUEUED, note="Tea")
    done = action(ActionStatus.SUCCEEDED, "archive_identity", "Archived.", identity_id=GARDENER)
    prompt = assemble(turn_of(coach("One.", waiting, done), coach("Two.", waiting), user("last")), limit=0)
    assert roles(prompt) == "su"
    assert outcomes(prompt) == [{"add_user_note": 2}]


def test_there_is_room_to_name_every_action_as_open() -> None:
    everything = coach("All.", *(action(ActionStatus.PARKED, one.value) for one in ActionType))
    told_of = assemble(turn_of(*[everything] * 39, user("last")), limit=0).messages[3]
    assert told(told_of).value == dict.fromkeys(ActionType, 39)
    assert len(told_of.content) <= OPEN_ROOM


def test_nothing_is_told_of_messages_that_are_left_out_with_nothing_open() -> None:
    done = action(ActionStatus.SUCCEEDED, said="Remembered.", note="Tea")
    assert roles(assemble(turn_of(coach("One.", done), user("last")), limit=0)) == "u"


def test_of_what_is_known_the_current_identity_and_the_newest_notes_come_first() -> None:
    notes = tuple(KnownNote(id=f"n{number}", note=f"{number} " + "x" * 1_000) for number in range(100))
    turn = replace(example(REFINEMENT), user_notes=notes)
    data = known(assemble(turn))
    kept = data["user_notes"]
    assert 10 < len(kept) < 100
    assert kept == [{"id": one.id, "note": one.note} for one in notes][-len(kept) :]
    assert data["identities"][0]["notes"] == ["Waters the beds after ten", "It is the only quiet hour"]
    assert data["left_out"] == {"user_notes": 100 - len(kept)}


def test_every_live_identity_is_named_before_any_text_of_one() -> None:
    gardener, nurse, pilot = example(REFINEMENT).identities
    wordy = replace(gardener, notes=tuple(f"{number} " + "x" * 3_900 for number in range(50)))
    many = tuple(replace(nurse, id=f"nurse {number}", name=f"Nurse {number}") for number in range(100))
    text = knowledge(replace(example(REFINEMENT), identities=(wordy, *many, pilot)))
    data = known_in(text)
    assert [one["name"] for one in data["identities"]] == ["Night Gardener", *(one.name for one in many)]
    assert data["identities"][0]["notes"] == list(wordy.notes[-len(data["identities"][0]["notes"]) :])
    assert data["left_out"]["texts_of_identities"] == 50 - len(data["identities"][0]["notes"])
    assert len(text) <= KNOWLEDGE_LIMIT


def known_in(text: str) -> Any:

    return told(system(text)).value


# Its version


@pytest.fixture
def _fresh_versions() -> Iterator[None]:
    assembly._version.cache_clear()
    yield
    assembly._version.cache_clear()


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_version_is_of_the_prompt_and_not_of_the_user(phase: CoachingPhase) -> None:
    version = assemble(example(phase)).version
    assert assemble(CoachTurn(phase=phase, messages=(user("Hello."),))).version == version
    assert len(version) == 12


def test_each_phase_has_a_version_of_its_own() -> None:
    assert len({assemble(CoachTurn(phase=phase)).version for phase in CoachingPhase}) == len(CoachingPhase)


CHANGES: dict[str, tuple[Any, str, Any]] = {
    "the system prompt": (assembly, "SYSTEM_PROMPT", f"{SYSTEM_PROMPT}."),
    "what is said of the actions": (assembly, "action_instructions", lambda *_: "Other words."),
    "the schema": (assembly, "strict_schema", lambda *_: {}),
    "what is said of outcomes": (assembly, "OUTCOME_WORDS", "Other words."),
    "what an outcome is called": (
        assembly,
        "OUTCOMES",
        {**outcomes_module.OUTCOMES, ActionStatus.DEAD: "lost"},
    ),
    "what is said of open actions": (assembly, "STILL_OPEN_WORDS", "Other words."),
    "what is told of the user": (assembly, "knowledge", lambda *_: "Other words."),
    "the phase's prompt": (
        assembly,
        "PHASE_PROMPTS",
        {**PHASE_PROMPTS, REFINEMENT: replace(PHASE_PROMPTS[REFINEMENT], text="Other words.")},
    ),
}


@pytest.mark.usefixtures("_fresh_versions")
@pytest.mark.parametrize(("where", "name", "value"), CHANGES.values(), ids=CHANGES)
def test_a_version_changes_with(where: Any, name: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = assembly._version(REFINEMENT)
    assembly._version.cache_clear()
    monkeypatch.setattr(where, name, value)
    assert assembly._version(REFINEMENT) != before


# From the rows


def test_a_turns_prompt_tells_of_the_users_rows_what_is_so(user: User) -> None:
    brainstorming = CoachingPhase.IDENTITY_BRAINSTORMING
    create = CreateIdentityParams.model_validate(
        {"name": "Gardener", "category": "spiritual", "note": "at night"}
    )
    accept(
        user,
        {"create_identity": create, "accept_identity": AcceptIdentityParams(identity_id="?")},
        phase=brainstorming,
    )
    drain(user)
    accept(user, {"add_user_note": AddUserNoteParams(note="Tea")}, phase=brainstorming)
    prompt = assemble(prepare_turn(user, accept_user_message(user, "hello")))

    (identity,) = known(prompt)["identities"]
    assert (identity["name"], identity["notes"]) == ("Gardener", ["at night"])
    assert known(prompt)["user_notes"] == []
    first, second = outcomes(prompt)
    assert first == [
        {
            "action": "create_identity",
            "outcome": "done",
            "summary": 'Created the identity "Gardener" in Spiritual.',
        },
        {"action": "accept_identity", "outcome": "rejected", "reason": first[1]["reason"]},
    ]
    assert "?" in first[1]["reason"]
    assert second == [{"action": "add_user_note", "outcome": "open"}]
    assert said(prompt, "user") == ["hello"]
