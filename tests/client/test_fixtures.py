"""The client's sample data are what the server would send."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from server.api.v1 import api
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from tools.problems import ROOT

FIXTURES = sorted((ROOT / "client/src/testing/fixtures").glob("*.json"))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The API's description, in which no object may have more than is described."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    for model in found["components"]["schemas"].values():
        if "properties" in model:
            model["additionalProperties"] = False
    return found


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_each_sample_is_as_the_server_describes_it(path: Any, document: dict[str, Any]) -> None:
    assert path.stem in document["components"]["schemas"], f"{path}: the server has no such model"
    validator = OAS31Validator({**document, "$ref": f"#/components/schemas/{path.stem}"})
    for sample in json.loads(path.read_text()):
        faults = [f"{path}: {list(error.path)}: {error.message}" for error in validator.iter_errors(sample)]
        assert faults == []


def test_every_status_is_among_the_samples() -> None:
    samples = json.loads((ROOT / "client/src/testing/fixtures/Action.json").read_text())
    assert {sample["status"] for sample in samples} == set(ActionStatus)


def test_every_sample_of_an_action_has_the_label_of_its_type() -> None:
    for action in json.loads((ROOT / "client/src/testing/fixtures/Action.json").read_text()):
        assert action["label"] == ActionType(action["action_type"]).label
