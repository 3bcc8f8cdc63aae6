"""What a response file may hold, and how each fault in one is told."""

import json
from pathlib import Path

import pytest

from server.cli.errors import CommandError
from server.cli.response_file import read_responses
from server.enums.action_type import ActionType

ONE = {"message": "Hello", "add_user_note": {"params": {"note": "Likes tea."}}}
TWO = {"message": "Bye", "transition_phase": {"params": {"to_phase": "get_to_know_you"}}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "responses.jsonl"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE) + "\n" + json.dumps(TWO),
        "\ufeff" + json.dumps(ONE) + "\r\n\r\n" + json.dumps(TWO) + "\r\n",
        json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2) + "\n",
    ],
    ids=["lines", "byte order mark and blank lines", "laid out"],
)
def test_responses_are_read_in_order(file: Path, text: str) -> None:
    file.write_text(text, newline="")
    assert [response.message for response in read_responses(file)] == ["Hello", "Bye"]


def test_the_example_is_read_and_shows_many_actions() -> None:
    responses = read_responses(Path(__file__).parents[2] / "examples" / "brainstorm.jsonl")
    used = {action.action_type for response in responses for action in response.actions()}
    assert {ActionType.CREATE_IDENTITY, ActionType.TRANSITION_PHASE, ActionType.ADD_USER_NOTE} <= used


def _changed(**changes: object) -> str:
    return json.dumps({**ONE, **changes})


FAULTS = {
    "nothing": ("\n \n", " holds no response: write one JSON object, or one on each line."),
    "not JSON": ("hello", ", line 1, column 1: this is not JSON: Expecting value."),
    "cut off in the second line": (
        json.dumps(ONE) + '\n{"message": "Bye", ',
        ", line 2, column 20: this is not JSON: Expecting property name enclosed in double quotes.",
    ),
    "garbage between lines": (
        f"{json.dumps(ONE)}\nfoo\n",
        ", line 2, column 1: this is not JSON: Expecting value.",
    ),
    "a list": (json.dumps([ONE, TWO]), ", line 1: Input should be an object."),
    "no message": (f"{json.dumps(ONE)}\n\n{{}}", ", line 3, message: Field required."),
    "unknown action": (_changed(fly={}), ", line 1, fly: Extra inputs are not permitted."),
    "no params": (_changed(create_identity={}), ", line 1, create_identity.params: Field required."),
    "missing param": (
        _changed(create_identity={"params": {"name": "A", "category": "spiritual"}}),
        ", line 1, create_identity.params.note: Field required.",
    ),
    "extra param": (
        _changed(add_user_note={"params": {"note": "A", "loud": True}}),
        ", line 1, add_user_note.params.loud: Extra inputs are not permitted.",
    ),
    "outside the enum": (
        _changed(transition_phase={"params": {"to_phase": "dessert"}}),
        ", line 1, transition_phase.params.to_phase: Input should be 'introduction', 'get_to_know_you'",
    ),
    "wrong type": (
        _changed(add_user_note={"params": {"note": 7}}),
        ", line 1, add_user_note.params.note: Input should be a valid string.",
    ),
    "two faults": (
        _changed(add_user_note={"params": {}}, fly={}),
        ", line 1, add_user_note.params.note: Field required. (1 more in this response)",
    ),
    "NUL": (_changed(message="a\0b"), ", line 1, message: holds a NUL character (U+0000)"),
    "lone surrogate": ('{"message": "\\ud800"}', ", line 1"),
    "deep": ("[" * 100_000, ", line 1: the response is nested too deeply."),
    "a number of 10,000 digits": ('{"message": ' + "9" * 10_000 + "}", ", line 1: "),
    "300 KiB": (
        _changed(message="x" * 300 * 1024),
        ", line 1: the response has 307,268 bytes; the limit is 262,144.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_names_file_line_and_place(file: Path, name: str) -> None:
    text, told = FAULTS[name]
    file.write_text(text)
    with pytest.raises(CommandError) as raised:
        read_responses(file)
    assert str(raised.value).startswith(f"{file}{told}"), str(raised.value)
    assert raised.value.exit_code == 2


def test_bytes_that_are_no_text_are_named_by_line(file: Path) -> None:
    file.write_bytes(json.dumps(ONE).encode() + b"\n\xff\xfe")
    with pytest.raises(CommandError, match="line 2: this is not UTF-8 text"):
        read_responses(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json cannot be read: No such file or directory"):
        read_responses(tmp_path / "nowhere.json")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        read_responses(tmp_path)
