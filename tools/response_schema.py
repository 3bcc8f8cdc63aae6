"""`make schema`: do strict structured outputs take the response schemas, and how large are they?"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.utils import strict_mode
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.prompt_manager.phases import allowed_actions
from tools.problems import report

FULL = "every action"


def schemas() -> dict[str, dict[str, Any]]:
    """The full response schema, and that of each phase, by their names."""
    phases = {phase.value: phase_response_model(allowed_actions(phase)) for phase in CoachingPhase}
    return {name: strict_schema(model) for name, model in {FULL: CoachChatResponse, **phases}.items()}


def size_line(name: str, schema: Mapping[str, Any]) -> str:
    """How large a schema is, beside what strict mode has room for."""
    size = strict_mode.size_of(schema)
    return (
        f"{name}: {len(json.dumps(schema)):,} characters of JSON;"
        f" {size.properties:,} of {strict_mode.MAX_PROPERTIES:,} properties,"
        f" {size.depth} of {strict_mode.MAX_DEPTH} levels,"
        f" {size.enum_values:,} of {strict_mode.MAX_ENUM_VALUES:,} values in enums,"
        f" {size.characters:,} of {strict_mode.MAX_CHARACTERS:,} characters of names and values"
    )


def problems(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, schema in found.items():
        yield from strict_mode.problems_of(schema, f"{name}: schema")


if __name__ == "__main__":
    written = schemas()
    for name, schema in written.items():
        print(f"schema of {size_line(name, schema)}.")
    sys.exit(report("schema", problems(written)))
