"""What a model reads, phase by phase, as files: each change of it is a diff that somebody looks at.

After a change that is meant, write them anew and look at the diff:

    WRITE_SNAPSHOTS=1 .venv/bin/pytest tests/prompts/test_snapshots.py
"""

import json
import os
from pathlib import Path

import pytest

from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.prompt_manager.assembly import assemble
from server.services.prompt_manager.phases import allowed_actions
from tests.prompts.example import example

SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITE = "WRITE_SNAPSHOTS"
MEND = f"If that is meant: `{WRITE}=1 .venv/bin/pytest tests/prompts`, and look at the diff."


def read_by_a_model(phase: CoachingPhase) -> str:
    """The messages of the example in this phase, then the schema of the response."""
    parts = [f"=== {message.role} ===\n{message.content}\n" for message in assemble(example(phase)).messages]
    schema = json.dumps(strict_schema(phase_response_model(allowed_actions(phase))), indent=1)
    return "\n".join([*parts, f"=== response schema ===\n{schema}\n"])


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_model_reads_what_was_looked_at(phase: CoachingPhase) -> None:
    path = SNAPSHOTS / f"{phase.value}.txt"
    if os.environ.get(WRITE):
        path.write_text(read_by_a_model(phase), encoding="utf-8")
    assert path.exists(), f"{path.name} is not there. {MEND}"
    assert read_by_a_model(phase) == path.read_text(encoding="utf-8"), f"{path.name} is out of date. {MEND}"


def test_every_snapshot_is_of_a_phase() -> None:
    assert sorted(path.stem for path in SNAPSHOTS.iterdir()) == sorted(CoachingPhase)
