"""The published JSON schema says what the loader does, as far as a schema can."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from server.services.scenario_replay.scenario import json_schema
from tests.contracts.sources import ROOT
from tests.scenarios.test_loading import GARDENER, asking, scenario

FILES = sorted((ROOT / "scenarios").glob("*.json"))
SCHEMA = jsonschema.Draft202012Validator(json_schema())

REFUSED: dict[str, dict[str, Any]] = {
    "an unknown key": scenario(turn=[]),
    "no name": {"format": 1},
    "another format": {"format": 2, "name": "A"},
    "no such phase": scenario(start={"coach_state": {"current_phase": "dancing"}}),
    "no such action": scenario(turns=[asking("dance")]),
    "a parameter too many": scenario(turns=[asking("add_user_note", note="Tea.", colour="red")]),
    "a wrong parameter": scenario(turns=[asking("add_user_note", note=5)]),
    "a turn in which nothing is said": scenario(turns=[{"phase": "introduction"}]),
    "a ref that is no plain name": scenario(start={"identities": [{**GARDENER, "ref": "My gardener"}]}),
    "a name that is too long": scenario(name="n" * 256),
    "no such status": scenario(expect={"actions": [{"status": "done"}]}),
}


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_takes_every_scenario_of_the_library(path: Path) -> None:
    SCHEMA.validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_it_refuses_what_the_loader_refuses(content: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors(content)) != []


def test_an_editor_can_say_what_an_action_does_and_takes() -> None:
    definitions = json_schema()["$defs"]
    assert "the user has named" in definitions["CreateIdentityParams"]["description"]
    assert definitions["CreateIdentityParams"]["required"] == ["name", "category", "note"]
