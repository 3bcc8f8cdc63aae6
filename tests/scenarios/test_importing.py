"""Files of the older shape become scenarios: played from the beginning where they tell enough, else as a start."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.services.scenario_replay.importing import Imported, import_older
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Judge
from server.services.scenario_replay.loading import load
from server.services.scenario_replay.reading import Faults
from server.services.scenario_replay.writing import to_json
from tests.cli.conftest import Coach

GARDENER, COOK = "3f8a0b52-7c1d-4c3e-9a10-000000000001", "3f8a0b52-7c1d-4c3e-9a10-000000000002"


def said(role: str, content: str, minute: int) -> dict[str, Any]:
    return {
        "role": role,
        "content": content,
        "timestamp": f"2026-03-01T10:{minute:02}:00Z",
        "component_config": None,
    }


def done(action_type: str, minute: int, **parameters: Any) -> dict[str, Any]:
    return {
        "action_type": action_type,
        "parameters": parameters,
        "result_summary": "As it was told then.",
        "timestamp": f"2026-03-01T10:{minute:02}:01Z",
    }


def older(**sections: Any) -> dict[str, Any]:
    """Mira, who made two identities and a note, accepted one and left the other; sections may be replaced."""
    return {
        "user": {
            "first_name": "Mira",
            "last_name": "Okafor",
            "email": "mira@example.org",
            "password": "secret",
        },
        "coach_state": {
            "current_phase": "brainstorming_review",
            "identity_focus": "passions_and_talents",
            "who_you_are": [],
            "who_you_want_to_be": [],
            "current_identity": None,
            "metadata": {},
        },
        "identities": [
            {"id": COOK, "name": "Cook", "category": "maker_of_money", "state": "archived"},
            {
                "id": GARDENER,
                "name": "Night Gardener",
                "category": "passions_and_talents",
                "state": "accepted",
            },
        ],
        "user_notes": [{"note": "Sleeps late.", "created_at": "2026-03-01T10:05:02Z"}],
        "chat_messages": [
            said("coach", "Who are you, in what you love?", 0),
            said("user", "I garden at night.", 1),
            said("coach", "A night gardener.", 2),
            said("user", "I cook.", 3),
            said("user", "For money.", 4),
            said("coach", "A cook, then.", 5),
            said("user", "No, only the garden.", 6),
            said("coach", "The garden it is.", 7),
        ],
        "actions": [
            done("create_identity", 2, name="Night Gardener", category="passions_and_talents", note=""),
            done("create_identity", 5, name="Cook", category="maker_of_money", note=""),
            done("add_user_note", 5, note="Sleeps late."),
            done("accept_identity", 7, identity_id=GARDENER),
            done("archive_identity", 7, identity_id=COOK),
            done("transition_phase", 7, to_phase="brainstorming_review"),
        ],
        **sections,
    }


def imported(directory: Path, content: object) -> Imported:
    path = directory / "mira.json"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return import_older(path)


def with_row(section: str, number: int, **fields: Any) -> dict[str, Any]:
    """The file with one row of a section changed; a field that is None is taken out."""
    rows = [dict(row) for row in older()[section]]
    rows[number] = {key: value for key, value in (rows[number] | fields).items() if value is not None}
    return older(**{section: rows})


def test_what_its_actions_made_is_played_again_and_comes_to_the_same(tmp_path: Path) -> None:
    found = imported(tmp_path, older())
    assert found.why_unplayed is None
    scenario = found.scenario
    assert scenario.name == "mira"
    assert scenario.start.coach_state.current_phase == "identity_brainstorming"
    assert [turn.user for turn in scenario.turns] == [
        None,
        "I garden at night.",
        "I cook.\n\nFor money.",
        "No, only the garden.",
    ]
    assert (scenario.turns[3].response or {})["accept_identity"] == {
        "params": {"identity_id": "$identity:Night Gardener"}
    }
    verdict = Judge().take_inline(scenario, play_inline(scenario))
    assert (verdict.found, verdict.unresolved) == ((), ())
    assert verdict.end_state is not None
    assert {action["status"] for action in verdict.end_state.actions} == {"succeeded"}
    assert [one["name"] for one in scenario.expect.written()["identities"]] == ["Night Gardener", "Cook"]


def test_nothing_personal_beyond_the_name_is_taken_over(tmp_path: Path) -> None:
    text = to_json(imported(tmp_path, older()).scenario)
    assert "Okafor" in text
    assert all(word not in text for word in ("mira@example.org", "secret", "2026-03-01", GARDENER))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"timestamp": None, "coach_message_content": "A cook, then."}, 2),
        ({"timestamp": "2026-03-01T10:04:00", "original_coach_message_id": "m5"}, 2),
        ({"timestamp": "2026-03-01T10:04:59"}, 1),
    ],
    ids=["its words", "its id", "a time without a zone"],
)
def test_which_message_an_action_came_with_is_told_by(
    tmp_path: Path, fields: dict[str, Any], wanted: int
) -> None:
    content = with_row("actions", 2, **fields)
    content["chat_messages"][5]["id"] = "m5"
    turns = imported(tmp_path, content).scenario.turns
    assert [number for number, turn in enumerate(turns) if "add_user_note" in (turn.response or {})] == [
        wanted
    ]


UNPLAYED: dict[str, tuple[dict[str, Any], str]] = {
    "no actions": (older(actions=[]), "it has none"),
    "an action that is none": (with_row("actions", 0, action_type="dance"), "action 1: 'dance' is no action"),
    "other parameters": (
        with_row("actions", 2, parameters={"text": "Sleeps late."}),
        "action 3, add_user_note.params.note: it is missing: add it",
    ),
    "an identity that nothing made": (
        with_row("identities", 0, name="Chef"),
        "no action makes the identity 'Chef'",
    ),
    "a note that nothing made": (
        with_row("user_notes", 0, note="Tea."),
        "no action makes the note 'Tea.'",
    ),
    "an id that nothing has": (
        with_row("actions", 3, parameters={"identity_id": "gone"}),
        "action 4: nothing in the file has the id 'gone'",
    ),
    "a note by its id": (
        with_row("actions", 3, action_type="delete_user_note", parameters={"user_note_id": "n1"}),
        "action 4: a turn cannot name a note that another made",
    ),
    "an action without its message": (
        with_row("actions", 3, timestamp=None),
        "action 4: it is not told which message it came with",
    ),
    "an action before every message": (
        with_row("actions", 3, timestamp="2026-03-01T09:00:00Z"),
        "action 4: it is not told which message it came with",
    ),
    "two of one kind in a message": (
        with_row("actions", 1, timestamp="2026-03-01T10:02:02Z"),
        "action 2: its message has 'create_identity' twice",
    ),
    "a message without an answer": (
        older(chat_messages=[*older()["chat_messages"], said("user", "And now?", 8)]),
        "the last message has no answer",
    ),
}


@pytest.mark.parametrize(("content", "why"), UNPLAYED.values(), ids=UNPLAYED)
def test_where_it_does_not_tell_enough_it_is_the_start_and_the_reason_is_told(
    tmp_path: Path, content: dict[str, Any], why: str
) -> None:
    found = imported(tmp_path, content)
    assert found.why_unplayed == why
    assert found.scenario.turns == ()
    end_state = play_inline(found.scenario).end_state
    assert [one["name"] for one in end_state.identities] == [row["name"] for row in content["identities"]]
    assert [one["note"] for one in end_state.user_notes] == [row["note"] for row in content["user_notes"]]
    assert [one["content"] for one in end_state.messages] == [
        row["content"] for row in content["chat_messages"]
    ]
    assert end_state.coach_state["current_phase"] == "brainstorming_review"


@pytest.mark.parametrize("current", [GARDENER, "night gardener"], ids=["by its id", "by its name"])
def test_the_current_identity_becomes_a_reference(tmp_path: Path, current: str) -> None:
    state = {"current_phase": "identity_refinement", "current_identity": current}
    start = imported(tmp_path, older(coach_state=state, actions=[])).scenario.start
    assert start.coach_state.current_identity == "$night_gardener"
    played = imported(tmp_path, older(coach_state=state)).scenario.expect.written()
    assert played["coach_state"]["current_identity"] == "$identity:Night Gardener"


def test_names_become_plain_names_that_nobody_has_twice(tmp_path: Path) -> None:
    names = ["Night Gardener", "night-gardener!", "夜の庭師", "42", "note 1", "Identity 2", "Écrivain"]
    rows = [{"name": name, "category": "spiritual", "state": ""} for name in names]
    start = imported(tmp_path, older(identities=rows)).scenario.start
    assert [row.ref for row in start.identities] == [
        "night_gardener",
        "identity_2",
        "identity_3",
        "identity_4",
        "identity_5",
        "identity_6",
        "crivain",
    ]
    assert {row.state for row in start.identities} == {"proposed"}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no last name": (
        older(user={"first_name": "Mira"}),
        "mira.json:2: user.last_name: it is missing: add it.",
    ),
    "an unknown section": (older(breaks=[]), "breaks: there is no such key: remove it, or mend its name."),
    "an unknown key": (
        with_row("identities", 0, affirmation="I cook."),
        "identities.0.affirmation: there is no such key: remove it, or mend its name.",
    ),
    "a current identity that is not there": (
        older(coach_state={"current_identity": "Baker"}),
        "coach_state.current_identity is 'Baker': no identity has this id or name.",
    ),
    "two identities of one name": (
        with_row("identities", 0, name="NIGHT GARDENER"),
        "two rows have the same name, without regard to case, 'night gardener': change one.",
    ),
}


@pytest.mark.parametrize(("content", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, content: dict[str, Any], line: str) -> None:
    with pytest.raises(Faults) as faults:
        imported(tmp_path, content)
    (told,) = faults.value.lines
    assert "mira.json:" in told
    assert told.endswith(line)


def test_the_command_writes_a_new_file_that_replays(tmp_path: Path, coach: Coach) -> None:
    source, target = tmp_path / "mira.json", tmp_path / "scenario.json"
    source.write_text(json.dumps(older()), encoding="utf-8")
    done = coach("scenario", "import", source, "-o", target)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Its 6 actions are played in 4 turns, from the beginning.\n"
    (loaded,) = load([target])
    assert loaded.scenario == import_older(source).scenario

    again = coach("scenario", "import", source, "-o", target)
    assert again.returncode == 2
    assert again.stderr.endswith("scenario.json is there already: name another file, or remove it.\n")

    source.write_text(json.dumps(older(actions=[])), encoding="utf-8")
    start = coach("scenario", "import", source)
    assert json.loads(start.stdout)["start"]["user"] == {"first_name": "Mira", "last_name": "Okafor"}
    assert start.stderr.startswith("Its actions are not played (it has none): the scenario begins with")

    source.write_text("{}", encoding="utf-8")
    wrong = coach("scenario", "import", source)
    assert wrong.returncode == 2
    assert wrong.stderr.endswith("mira.json:1: user: it is missing: add it.\n")
