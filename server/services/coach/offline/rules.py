"""Which rules lead which phase."""

from collections.abc import Mapping

from server.enums.coaching_phase import CoachingPhase
from server.services.coach.offline.answer import PhaseRules
from server.services.coach.offline.phases import (
    anything_missing,
    brainstorming_review,
    get_to_know_you,
    i_am_statement,
    identity_brainstorming,
    identity_commitment,
    identity_refinement,
    identity_visualization,
    identity_warm_up,
    introduction,
)

RULES: Mapping[CoachingPhase, PhaseRules] = {
    CoachingPhase.INTRODUCTION: introduction.RULES,
    CoachingPhase.GET_TO_KNOW_YOU: get_to_know_you.RULES,
    CoachingPhase.IDENTITY_WARM_UP: identity_warm_up.RULES,
    CoachingPhase.IDENTITY_BRAINSTORMING: identity_brainstorming.RULES,
    CoachingPhase.BRAINSTORMING_REVIEW: brainstorming_review.RULES,
    CoachingPhase.IDENTITY_REFINEMENT: identity_refinement.RULES,
    CoachingPhase.ANYTHING_MISSING: anything_missing.RULES,
    CoachingPhase.IDENTITY_COMMITMENT: identity_commitment.RULES,
    CoachingPhase.I_AM_STATEMENT: i_am_statement.RULES,
    CoachingPhase.IDENTITY_VISUALIZATION: identity_visualization.RULES,
}
