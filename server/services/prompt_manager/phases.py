"""What each phase's prompt says, and which actions it allows: the front matter of `prompts/<phase>.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import frontmatter

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase

PROMPTS = Path(__file__).parent / "prompts"
PROMPTS_FILE = "server/services/prompt_manager/prompts"


class PromptError(ValueError):
    """A prompt file is missing or wrong; the message names the file and the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePrompt:
    """One phase's prompt. `version` is made from the file's content."""

    phase: CoachingPhase
    text: str
    allowed_actions: frozenset[ActionType]
    version: str


def _load(phase: CoachingPhase) -> PhasePrompt:
    path = PROMPTS / f"{phase.value}.md"
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PromptError(
            f"{_named(path)}: the prompt of the phase {phase.value!r} is missing; write it."
        ) from error
    page = frontmatter.loads(content)
    return PhasePrompt(
        phase=phase,
        text=page.content,
        allowed_actions=frozenset(
            _action_type(path, name) for name in _listed(path, page.get("allowed_actions"))
        ),
        version=sha256(content.encode()).hexdigest()[:12],
    )


def _named(path: Path) -> str:
    return f"{PROMPTS_FILE}/{path.name}"


def _listed(path: Path, value: object) -> list[str]:
    if not isinstance(value, list):
        raise PromptError(
            f"{_named(path)}: the front matter needs `allowed_actions`, a list of action types."
        )
    return [str(item) for item in value]


def _action_type(path: Path, name: str) -> ActionType:
    try:
        action_type = ActionType(name)
    except ValueError as error:
        raise PromptError(
            f"{_named(path)}: allowed_actions names {name!r}, which is no action; mend the name."
        ) from error
    if action_type.value != name:
        raise PromptError(
            f"{_named(path)}: allowed_actions names {name!r}, which is now {action_type.value!r}; write that."
        )
    return action_type


def check_every_action_is_allowed(prompts: Mapping[CoachingPhase, PhasePrompt]) -> None:
    """Raises `PromptError` for an action that no phase allows: it could never happen."""
    allowed = frozenset[ActionType]().union(*(prompt.allowed_actions for prompt in prompts.values()))
    for action_type in ActionType:
        if action_type not in allowed:
            raise PromptError(
                f"{PROMPTS_FILE}: no phase allows {action_type.value!r}; add it to allowed_actions of each that may "
                "use it."
            )


PHASE_PROMPTS = MappingProxyType({phase: _load(phase) for phase in CoachingPhase})
"""The prompt of each phase, in order."""

check_every_action_is_allowed(PHASE_PROMPTS)


@cache
def allowed_actions(phase: CoachingPhase) -> frozenset[ActionType]:
    """The actions that a coach asked in this phase may take."""
    return PHASE_PROMPTS[phase].allowed_actions


def is_allowed(action_type: ActionType, phase: CoachingPhase) -> bool:
    """Whether a coach asked in this phase may take this action."""
    return action_type in allowed_actions(phase)
