"""What a model reads, phase by phase, as files: each change of it is a diff that somebody looks at.

After a change that is meant, write them anew and look at the diff:

    .venv/bin/python -m tests.prompts.snapshots
"""

import pytest

from server.enums.coaching_phase import CoachingPhase
from tests.prompts.snapshots import SNAPSHOTS, read_by_a_model, snapshot_of

MEND = "If that is meant: `.venv/bin/python -m tests.prompts.snapshots`, and look at the diff."


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_model_reads_what_was_looked_at(phase: CoachingPhase) -> None:
    path = snapshot_of(phase)
    assert path.exists(), f"{path.name} is not there. {MEND}"
    assert read_by_a_model(phase) == path.read_text(encoding="utf-8"), f"{path.name} is out of date. {MEND}"


def test_every_snapshot_is_of_a_phase() -> None:
    assert sorted(path.stem for path in SNAPSHOTS.iterdir()) == sorted(CoachingPhase)
