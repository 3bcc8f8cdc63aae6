"""A turn made into what a model reads."""

import json
from functools import cache
from hashlib import sha256

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn
from server.services.action_handler.utils.action_instructions import action_instructions
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.prompt_manager.conversation import STILL_OPEN_WORDS, conversation, size_of
from server.services.prompt_manager.knowledge import knowledge
from server.services.prompt_manager.outcomes import OUTCOME_WORDS, OUTCOMES
from server.services.prompt_manager.phases import PHASE_PROMPTS, allowed_actions
from server.services.prompt_manager.prompt import Prompt, system
from server.services.prompt_manager.system import SYSTEM_PROMPT

PROMPT_LIMIT = 100_000
"""How many characters all messages of a prompt may have. A user's message of 20,000 always has room."""

ACTIONS_HEADING = "# Your actions in this phase"


def assemble(turn: CoachTurn, limit: int = PROMPT_LIMIT) -> Prompt:
    """What a model reads to answer the turn: our words, what is known as data, our words again, the recent messages.

    At most `limit` characters, unless our words, what is known and the last message alone are more.
    """
    opening = (
        system(SYSTEM_PROMPT),
        system(knowledge(turn)),
        system(_task(turn.phase)),
    )
    recent = conversation(turn.messages, limit - size_of(opening))
    return Prompt(phase=turn.phase, version=_version(turn.phase), messages=(*opening, *recent))


def _task(phase: CoachingPhase) -> str:
    """What is to be done in the phase, and with which actions."""
    instructions = action_instructions(allowed_actions(phase))
    return f"{PHASE_PROMPTS[phase].text}\n\n{ACTIONS_HEADING}\n\n{instructions}"


@cache
def _version(phase: CoachingPhase) -> str:
    """Made from all that a prompt of the phase says by itself: it changes when one character of it does."""
    schema = strict_schema(phase_response_model(allowed_actions(phase)))
    nothing_known = knowledge(CoachTurn(phase=phase))
    told = [OUTCOME_WORDS, *OUTCOMES.values(), STILL_OPEN_WORDS]
    words = [SYSTEM_PROMPT, nothing_known, _task(phase), told, schema]
    return sha256(json.dumps(words).encode()).hexdigest()[:12]
