"""Which phase may emit what, and that each prompt speaks of what it allows."""

import pytest

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.services.coach.offline.rules import RULES
from server.services.prompt_manager.phases import PHASE_PROMPTS, PROMPTS

EVERYWHERE = "transition_phase add_user_note update_user_note delete_user_note"
MAY_EMIT = {
    "introduction": "",
    "get_to_know_you": "update_asked_questions",
    "identity_warm_up": "update_who_you_are update_who_you_want_to_be",
    "identity_brainstorming": "create_identity update_identity_name add_identity_note accept_identity archive_identity"
    " select_identity_focus skip_identity_category unskip_identity_category",
    "brainstorming_review": "accept_identity archive_identity nest_identity combine_identities select_identity_focus"
    " update_identity_name add_identity_note",
    "identity_refinement": "update_identity_name add_identity_note accept_identity_refinement archive_identity"
    " set_current_identity",
    "anything_missing": "create_identity update_identity_name add_identity_note accept_identity_refinement"
    " set_current_identity",
    "identity_commitment": "accept_identity_commitment nest_identity archive_identity set_current_identity",
    "i_am_statement": "update_i_am_statement accept_i_am_statement add_identity_note set_current_identity",
    "identity_visualization": "update_identity_visualization accept_identity_visualization add_identity_note"
    " set_current_identity",
}
IN_THE_TABLE = frozenset(" ".join([EVERYWHERE, *MAY_EMIT.values()]).split())
"""The actions that the product began with. Of a later one, its prompts alone say where it is allowed."""


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_phase_allows_of_the_tables_actions_exactly_its_own(phase: CoachingPhase) -> None:
    allowed = {action_type.value for action_type in PHASE_PROMPTS[phase].allowed_actions}
    assert allowed & IN_THE_TABLE == {*EVERYWHERE.split(), *MAY_EMIT[phase.value].split()}, (
        f"mend {PROMPTS / phase.value}.md"
    )


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_prompt_speaks_of_every_action_it_allows(phase: CoachingPhase) -> None:
    prompt = PHASE_PROMPTS[phase]
    silent = [
        one.value
        for one in ActionType
        if one in prompt.allowed_actions and f"`{one.value}`" not in prompt.text
    ]
    assert not silent, f"{PROMPTS / phase.value}.md does not say when to use {silent}"


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_prompt_speaks_of_no_action_that_it_does_not_allow(phase: CoachingPhase) -> None:
    prompt = PHASE_PROMPTS[phase]
    foreign = [
        one.value
        for one in ActionType
        if one not in prompt.allowed_actions and f"`{one.value}`" in prompt.text
    ]
    assert not foreign, f"{PROMPTS / phase.value}.md speaks of {foreign}, which it does not allow"


def test_every_phase_has_rules() -> None:
    assert list(RULES) == list(CoachingPhase)
