"""Writing a scenario as a file of format 1."""

import json
from typing import Any

from server.services.scenario_replay.scenario import Scenario, Turn


def to_json(scenario: Scenario) -> str:
    """The file's text: keys in the order of the models, without what would be the same if it were left out."""
    parts = {
        "format": scenario.format,
        "name": scenario.name,
        "description": scenario.description,
        "start": scenario.start.model_dump(mode="json", exclude_defaults=True),
        "turns": [_turn(turn) for turn in scenario.turns],
        "expect": scenario.expect.written(),
    }
    return json.dumps({key: part for key, part in parts.items() if part}, indent=2, ensure_ascii=False) + "\n"


def _turn(turn: Turn) -> dict[str, Any]:
    parts = {"user": turn.user, "phase": turn.phase and turn.phase.value, "response": turn.response}
    return {key: part for key, part in parts.items() if part is not None}
