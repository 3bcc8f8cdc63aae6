"""The phases of the coaching."""

from server.enums.labelled import Labelled


class CoachingPhase(Labelled):
    """The ten phases, in the order in which a user walks through them."""

    INTRODUCTION = "introduction"
    GET_TO_KNOW_YOU = "get_to_know_you"
    IDENTITY_WARM_UP = "identity_warm_up"
    IDENTITY_BRAINSTORMING = "identity_brainstorming"
    BRAINSTORMING_REVIEW = "brainstorming_review"
    IDENTITY_REFINEMENT = "identity_refinement"
    ANYTHING_MISSING = "anything_missing"
    IDENTITY_COMMITMENT = "identity_commitment"
    I_AM_STATEMENT = "i_am_statement"
    IDENTITY_VISUALIZATION = "identity_visualization"
