"""What each phase's prompt says, and which actions it allows: the front matter of `prompts/<phase>.md`."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import frontmatter
from yaml import YAMLError

from server.enums.action_type import FILE, RETIRED, ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.made_wrong import MadeWrongError

PROMPTS = Path(__file__).parent / "prompts"
SYSTEM_PROMPT = "system"
PROMPTS_FILE = "server/services/prompt_manager/prompts"


class PromptError(MadeWrongError, ValueError):
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
    try:
        page = frontmatter.loads(content)
    except YAMLError as error:
        said = " ".join(str(error).split())
        raise PromptError(f"{_named(path)}: the front matter is no YAML, mend it: {said}.") from error
    allowed = frozenset(_action_type(path, name) for name in _listed(path, page.get("allowed_actions")))
    _check_text(path, page.content, allowed)
    return PhasePrompt(
        phase=phase,
        text=page.content,
        allowed_actions=allowed,
        version=sha256(content.encode()).hexdigest()[:12],
    )


def _named(path: Path) -> str:
    return f"{PROMPTS_FILE}/{path.name}"


def _listed(path: Path, value: object) -> list[str]:
    if not isinstance(value, list):
        raise PromptError(
            f"{_named(path)}: the front matter needs `allowed_actions`, a list of action types."
        )
    names = [str(item) for item in value]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise PromptError(f"{_named(path)}: allowed_actions names {twice[0]!r} twice; remove one.")
    return names


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
    if action_type in RETIRED:
        raise PromptError(
            f"{_named(path)}: allowed_actions names {name!r}, which is retired; take it out, here or in RETIRED of "
            f"{FILE}."
        )
    return action_type


def _check_text(path: Path, text: str, allowed: frozenset[ActionType]) -> None:
    """Raises `PromptError` where the text tells the model of an action that it cannot take."""
    named = set(re.findall(r"`(\w+)`", text))
    for action_type in ActionType:
        if action_type.value in named and action_type not in allowed:
            raise PromptError(
                f"{_named(path)}: the text speaks of {action_type.value!r}, which allowed_actions does not "
                "name; add it there, or take it out of the text."
            )


def check_every_action_is_allowed(prompts: Mapping[CoachingPhase, PhasePrompt]) -> None:
    """Raises `PromptError` for an action that no phase allows, so that it could never happen, and is not retired."""
    allowed = frozenset[ActionType]().union(*(prompt.allowed_actions for prompt in prompts.values()))
    for action_type in ActionType:
        if action_type not in allowed | RETIRED:
            raise PromptError(
                f"{PROMPTS_FILE}: no phase allows {action_type.value!r}; add it to allowed_actions of each that may "
                f"use it, or to RETIRED in {FILE}."
            )


def check_every_file_is_a_phases(files: Iterable[Path]) -> None:
    """Raises `PromptError` for a prompt that nobody would ever read."""
    for path in files:
        if path.stem not in {SYSTEM_PROMPT, *CoachingPhase}:
            raise PromptError(
                f"{_named(path)}: no phase is called {path.stem!r}; mend the name, or remove it."
            )


PHASE_PROMPTS = MappingProxyType({phase: _load(phase) for phase in CoachingPhase})
"""The prompt of each phase, in order."""

check_every_action_is_allowed(PHASE_PROMPTS)
check_every_file_is_a_phases(PROMPTS.glob("*.md"))


@cache
def allowed_actions(phase: CoachingPhase) -> frozenset[ActionType]:
    """The actions that a coach asked in this phase may take."""
    return PHASE_PROMPTS[phase].allowed_actions


def is_allowed(action_type: ActionType, phase: CoachingPhase) -> bool:
    """Whether a coach asked in this phase may take this action."""
    return action_type in allowed_actions(phase)
