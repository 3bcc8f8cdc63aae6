"""The JSON schema of scenario files, as the documentation publishes it."""

import json
from pathlib import Path

from server.services.scenario_replay.scenario import json_schema

SCHEMA = Path("docs/static/scenario.schema.json")


def scenario_schema() -> dict[Path, str]:
    return {SCHEMA: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"}
