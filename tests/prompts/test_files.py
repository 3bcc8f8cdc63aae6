"""A prompt file that is wrong ends the start, and is named with the mend."""

import shutil
from pathlib import Path

import pytest

from server.enums.coaching_phase import CoachingPhase
from server.services.prompt_manager import phases, system
from server.services.prompt_manager.phases import PROMPTS, PROMPTS_FILE, PromptError

REVIEW = CoachingPhase.BRAINSTORMING_REVIEW


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files, which are read from there."""
    copy = tmp_path / "prompts"
    shutil.copytree(PROMPTS, copy)
    monkeypatch.setattr(phases, "PROMPTS", copy)
    monkeypatch.setattr(system, "PROMPTS", copy)
    return copy


def test_there_is_a_file_for_each_phase_and_the_system_and_no_other() -> None:
    assert {path.name for path in PROMPTS.iterdir()} == {
        "system.md",
        *(f"{phase}.md" for phase in CoachingPhase),
    }


def test_the_files_are_read_as_they_are(prompts: Path) -> None:
    assert phases._load(REVIEW) == phases.PHASE_PROMPTS[REVIEW]
    assert system._load() == system.SYSTEM_PROMPT


def test_a_missing_file_is_named(prompts: Path) -> None:
    (prompts / f"{REVIEW}.md").unlink()
    (prompts / "system.md").unlink()
    with pytest.raises(
        PromptError,
        match=r"^server/.*/prompts/brainstorming_review\.md: the prompt of the phase .* is missing; write",
    ):
        phases._load(REVIEW)
    with pytest.raises(
        PromptError,
        match=r"^server/.*/prompts/system\.md: the system prompt is missing; write it\.$",
    ):
        system._load()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "  - accept_identity\n",
            "  - accept_identty\n",
            "allowed_actions names 'accept_identty', which is no action",
        ),
        ("allowed_actions:", "actions:", "the front matter needs `allowed_actions`, a list"),
    ],
)
def test_wrong_front_matter_is_named(prompts: Path, old: str, new: str, fault: str) -> None:
    path = prompts / f"{REVIEW}.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(PromptError, match=f"^{PROMPTS_FILE}/{path.name}: {fault}"):
        phases._load(REVIEW)
