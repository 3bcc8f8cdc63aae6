"""A scenario that cannot be used is told with file, line, place and mend, all of them at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.services.scenario_replay import reading
from server.services.scenario_replay.loading import ScenarioErrors, load

GARDENER = {"ref": "gardener", "name": "Night Gardener", "category": "passions_and_talents"}
NOTE = {"ref": "tea", "note": "Likes tea."}
START = {"identities": [GARDENER], "user_notes": [NOTE]}


def scenario(**fields: Any) -> dict[str, Any]:
    return {"format": 1, "name": "A name", **fields}


def asking(action: str, **params: Any) -> dict[str, Any]:
    return {"response": {"message": "Yes.", action: {"params": params}}}


def lines_of(*paths: Path) -> list[str]:
    with pytest.raises(ScenarioErrors) as errors:
        load(paths)
    return [line.replace(f"{paths[0].parent}/", "") for line in errors.value.lines]


def written(directory: Path, content: object, name: str = "one.json") -> Path:
    path = directory / name
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": (
        scenario(turn=[]),
        "one.json:4: turn: there is no such key: remove it, or mend its name.",
    ),
    "an unknown key within": (
        scenario(start={"identities": [{**GARDENER, "colour": "red"}]}),
        "one.json:10: start.identities.0.colour: there is no such key: remove it, or mend its name.",
    ),
    "no name": ({"format": 1}, "one.json:1: name: it is missing: add it."),
    "another format": ({"format": 2, "name": "A"}, "one.json:2: format: there is no such value: write 1."),
    "a truth for a format": (
        {"format": True, "name": "A"},
        "one.json:2: format: there is no such value: write 1.",
    ),
    "no such phase": (
        scenario(start={"coach_state": {"current_phase": "dancing"}}),
        "one.json:6: start.coach_state.current_phase: there is no such value: write 'introduction',",
    ),
    "no such action": (
        scenario(turns=[asking("dance")]),
        "one.json:8: turns.0.response.dance: there is no such key: remove it, or mend its name.",
    ),
    "a wrong parameter": (
        scenario(turns=[asking("add_user_note", note=5)]),
        "one.json:10: turns.0.response.add_user_note.params.note: this is no text: write one, in double quotes.",
    ),
    "a reference that leads nowhere": (
        scenario(start=START, turns=[asking("accept_identity", identity_id="$cook")]),
        (
            "one.json:25: turns.0.response.accept_identity.params.identity_id:"
            " start has no '$cook' for it: it has $gardener."
        ),
    ),
    "a reference to a row of another kind": (
        scenario(start=START, turns=[asking("accept_identity", identity_id="$tea")]),
        (
            "one.json:25: turns.0.response.accept_identity.params.identity_id:"
            " start has no '$tea' for it: it has $gardener."
        ),
    ),
    "a reference to an identity in the place of a note": (
        scenario(turns=[asking("delete_user_note", user_note_id="$identity:Cook")]),
        (
            "one.json:10: turns.0.response.delete_user_note.params.user_note_id:"
            " '$identity:Cook' is an identity, and a note is wanted: write `$REF` of one of start,"
            " or `$note:TEXT`."
        ),
    ),
    "a reference to a note in the place of an identity": (
        scenario(turns=[asking("accept_identity", identity_id="$note:Likes tea.")]),
        (
            "one.json:10: turns.0.response.accept_identity.params.identity_id:"
            " '$note:Likes tea.' is a note, and an identity is wanted."
        ),
    ),
    "a turn in which nothing is said": (
        scenario(turns=[{}]),
        "one.json:5: turns.0: it is empty: write what the user said, a response, or both.",
    ),
    "a phase without a response": (
        scenario(turns=[{"user": "Well?", "phase": "introduction"}]),
        "one.json:5: turns.0: it has a phase and no response: remove the phase, or write a response.",
    ),
    "a reference without a name": (
        scenario(turns=[asking("accept_identity", identity_id="$identity: ")]),
        (
            "one.json:10: turns.0.response.accept_identity.params.identity_id:"
            " write a name after `$identity:`."
        ),
    ),
    "a ref that is no plain name": (
        scenario(start={"user_notes": [{**NOTE, "ref": "My tea"}]}),
        "one.json:7: start.user_notes.0.ref: it is no plain name: begin with a small letter;",
    ),
    "a blank name": (scenario(name=" \n"), "one.json:3: name: it is blank: write something."),
    "a name that cannot be stored": (
        scenario(name="A\0"),
        "one.json:3: name: holds a NUL character (U+0000), which cannot be stored; remove it.",
    ),
    "half a character": (
        scenario(start={"user_notes": [{**NOTE, "note": "\ud83d"}]}),
        "one.json:8: start.user_notes.0.note: holds a lone surrogate (half a character),",
    ),
    "a text that is too long": (
        scenario(start={"identities": [{**GARDENER, "name": "n" * 256}]}),
        "one.json:8: start.identities.0.name: it is longer than 255 characters: shorten it.",
    ),
    "a list with a repeat": (
        scenario(start={"coach_state": {"who_you_are": ["A cook", "A baker", "A cook"]}}),
        "one.json:6: start.coach_state.who_you_are: 'A cook' stands twice in it: remove one.",
    ),
    "no list": (scenario(turns={}), "one.json:4: turns: this is no list: write […]."),
    "no object": (scenario(start=[]), "one.json:4: start: this is no object: write {…}."),
    "two rows of one ref": (
        scenario(start={"identities": [GARDENER], "user_notes": [{**NOTE, "ref": "gardener"}]}),
        "one.json:4: start: two rows have the same ref 'gardener': change one.",
    ),
    "two identities of one name": (
        scenario(start={"identities": [GARDENER, {**GARDENER, "ref": "g", "name": "NIGHT GARDENER"}]}),
        "one.json:4: start: two rows have the same name, without regard to case, 'night gardener': change one.",
    ),
    "a current identity that is not there": (
        scenario(start={"coach_state": {"current_identity": "$cook"}}),
        "one.json:4: start: coach_state.current_identity is '$cook': name an identity of start, as `$REF`.",
    ),
    "an expected identity by its id": (
        scenario(expect={"coach_state": {"current_identity": "$gardener"}}),
        (
            "one.json:6: expect.coach_state.current_identity:"
            " '$gardener' is no identity by its name: write `$identity:NAME`, or null."
        ),
    ),
    "no such status": (
        scenario(expect={"actions": [{"status": "done"}]}),
        "one.json:7: expect.actions.0.status: there is no such value: write 'queued',",
    ),
}


@pytest.mark.parametrize(("content", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_line_place_and_mend(
    tmp_path: Path, content: dict[str, Any], line: str
) -> None:
    (told,) = lines_of(written(tmp_path, content))
    assert told.startswith(line)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"{\n 'format': 1}", "one.json:2: this is not JSON, at column 2:"),
        (b"\xff\xfe{}", "one.json:1: this is not UTF-8 text: invalid start byte. Save it as UTF-8."),
        (
            b'{"turns": [{"format": 1,\n"a": "{\\"b\\": ", "a":\n2}], "turns": 3, "format": x}',
            "one.json:2: the key 'a' stands twice in one object: remove one.",
        ),
        (b'{"format": 1' + b"1" * 5_000 + b"}", "one.json: a number in it has thousands of digits:"),
        (b"[" * 100_000, "one.json: it is nested too deeply."),
        (b"", "one.json:1: this is not JSON, at column 1:"),
    ],
    ids=["no JSON", "no UTF-8", "a key twice", "a long number", "deep", "empty"],
)
def test_a_file_that_is_no_json_is_told(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(content)
    (told,) = lines_of(path)
    assert told.startswith(line)


@pytest.mark.parametrize(
    "text",
    ['"\\ud83d\\ude00"', '"a\u2028b\x85c"', '"\x7f"', '"\\"}, {\\"key\\": "', '"tab:\\t"'],
    ids=["escaped emoji", "separators", "DEL", "JSON in a text", "tab"],
)
def test_no_text_before_it_moves_the_line_of_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(f'{{"format":1,\n"name":"A",\t"description":{text},\r\n"turns":[\n1]}}', encoding="utf-8")
    assert lines_of(path) == ["one.json:4: turns.0: this is no object: write {…}."]


def test_whatever_is_made_a_key_its_fault_is_one_line_that_can_be_printed(tmp_path: Path) -> None:
    told = lines_of(written(tmp_path, scenario(**{"\x1b[31m\n": 1, "k" * 2_000: 2})))
    assert told[0] == r"one.json:4: '\x1b[31m\n': there is no such key: remove it, or mend its name."
    assert len(told[1]) < 200
    (told_of_half,) = lines_of(written(tmp_path, scenario(start={"\ud800": 1})))
    assert told_of_half == "one.json:4: start: half a character (a lone surrogate) is in it: remove it."


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.json").mkdir()
    told = lines_of(tmp_path / "one.json", tmp_path, tmp_path / ("n" * 300))
    assert told[0] == "one.json has no scenario file: their names end in .json."
    assert told[1] == "one.json cannot be read: Is a directory."
    assert told[2].endswith("nnn cannot be read: File name too long.")


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    assert lines_of(path) == [
        "one.json: it has 52,428,800 bytes; the limit is 10,485,760: make several scenarios of it."
    ]


def test_what_is_wrong_with_all_files_is_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, scenario(), "a.json")
    written(tmp_path, scenario(), "b.json")
    written(tmp_path, {}, "c.json")
    told = lines_of(tmp_path)
    assert len(told) == 3
    assert told[0].endswith("c.json:1: format: it is missing: add it.")
    assert "the scenario 'A name' is in" in told[2]


def test_a_path_that_is_not_there_and_a_directory_without_scenarios_are_told(tmp_path: Path) -> None:
    told = lines_of(tmp_path / "nowhere", tmp_path)
    assert told[0].endswith("nowhere is not there: name a scenario file, or a directory of them.")
    assert told[1].endswith("has no scenario file: their names end in .json.")


def test_a_directory_is_read_by_name_and_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    second = written(tmp_path, scenario(name="Second"), "b.json")
    written(tmp_path, scenario(name="First"), "a.json")
    by_another_way = tmp_path / ".." / tmp_path.name / "b.json"
    assert [one.scenario.name for one in load([tmp_path, second, by_another_way])] == ["First", "Second"]


def test_many_faults_of_one_file_are_counted(tmp_path: Path) -> None:
    wrong = scenario(**{f"key{number}": 1 for number in range(reading.MOST_FAULTS + 5)})
    told = lines_of(written(tmp_path, wrong))
    assert len(told) == reading.MOST_FAULTS + 1
    assert told[-1] == "one.json: and 5 more."
