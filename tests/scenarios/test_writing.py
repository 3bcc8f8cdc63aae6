"""A scenario becomes a file, which reads the same."""

import json
from pathlib import Path

import pytest

from server.services.scenario_replay.loading import load
from server.services.scenario_replay.scenario import Expectation, ExpectedState, Person, Scenario, Start, Turn
from server.services.scenario_replay.writing import to_json
from tests.contracts.sources import ROOT


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.json")), ids=lambda path: path.stem)
def test_a_scenario_that_is_written_reads_the_same(path: Path, tmp_path: Path) -> None:
    (loaded,) = load([path])
    copy = tmp_path / "copy.json"
    copy.write_text(to_json(loaded.scenario), encoding="utf-8")
    (read,) = load([copy])
    assert read.scenario == loaded.scenario
    assert read.scenario.expect.written() == loaded.scenario.expect.written()
    assert to_json(read.scenario) == to_json(loaded.scenario)


def test_what_would_be_the_same_is_left_out_and_a_null_that_is_expected_stays() -> None:
    scenario = Scenario(
        format=1,
        name="Mira",
        start=Start(user=Person(first_name="Mira", last_name="User"), messages=()),
        turns=(Turn(user=None, response={"message": "Ça va ?", "add_user_note": None}),),
        expect=Expectation(coach_state=ExpectedState(current_identity=None)),
    )
    text = to_json(scenario)
    assert json.loads(text) == {
        "format": 1,
        "name": "Mira",
        "start": {"user": {"first_name": "Mira"}},
        "turns": [{"response": {"message": "Ça va ?", "add_user_note": None}}],
        "expect": {"coach_state": {"current_identity": None}},
    }
    assert "Ça va" in text
    assert json.loads(to_json(Scenario(format=1, name="Mira"))) == {"format": 1, "name": "Mira"}
