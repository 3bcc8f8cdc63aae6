"""What a model reads, phase by phase, as files. `python -m tests.prompts.snapshots` writes them anew."""

import json
from pathlib import Path

from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.prompt_manager.assembly import assemble
from server.services.prompt_manager.phases import allowed_actions
from tests.prompts.example import example

SNAPSHOTS = Path(__file__).parent / "snapshots"


def read_by_a_model(phase: CoachingPhase) -> str:
    """The messages of the example in this phase, then the schema of the response."""
    parts = [f"=== {message.role} ===\n{message.content}\n" for message in assemble(example(phase)).messages]
    schema = json.dumps(strict_schema(phase_response_model(allowed_actions(phase))), indent=1)
    return "\n".join([*parts, f"=== response schema ===\n{schema}\n"])


def snapshot_of(phase: CoachingPhase) -> Path:
    return SNAPSHOTS / f"{phase.value}.txt"


def write(phase: CoachingPhase) -> None:
    snapshot_of(phase).write_text(read_by_a_model(phase), encoding="utf-8")


if __name__ == "__main__":
    for _phase in CoachingPhase:
        write(_phase)
