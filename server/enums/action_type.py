"""The wire ids of the actions."""

from server.enums.labelled import Labelled


class ActionType(Labelled):
    """What a coach may do to a user's state.

    Append-only: rows and messages in flight carry these values. The declared order is the canonical one, in which the
    actions of one response run.
    """

    CREATE_IDENTITY = "create_identity"
    UPDATE_IDENTITY_NAME = "update_identity_name"
    UPDATE_I_AM_STATEMENT = "update_i_am_statement"
    UPDATE_IDENTITY_VISUALIZATION = "update_identity_visualization"
    ADD_IDENTITY_NOTE = "add_identity_note"
    ACCEPT_IDENTITY = "accept_identity"
    ACCEPT_IDENTITY_REFINEMENT = "accept_identity_refinement"
    ACCEPT_IDENTITY_COMMITMENT = "accept_identity_commitment"
    ACCEPT_I_AM_STATEMENT = "accept_i_am_statement"
    ACCEPT_IDENTITY_VISUALIZATION = "accept_identity_visualization"
    ARCHIVE_IDENTITY = "archive_identity"
    NEST_IDENTITY = "nest_identity"
    COMBINE_IDENTITIES = "combine_identities"
    TRANSITION_PHASE = "transition_phase"
    SELECT_IDENTITY_FOCUS = "select_identity_focus"
    SKIP_IDENTITY_CATEGORY = "skip_identity_category"
    UNSKIP_IDENTITY_CATEGORY = "unskip_identity_category"
    UPDATE_WHO_YOU_ARE = "update_who_you_are"
    UPDATE_WHO_YOU_WANT_TO_BE = "update_who_you_want_to_be"
    UPDATE_ASKED_QUESTIONS = "update_asked_questions"
    SET_CURRENT_IDENTITY = "set_current_identity"
    ADD_USER_NOTE = "add_user_note"
    UPDATE_USER_NOTE = "update_user_note"
    DELETE_USER_NOTE = "delete_user_note"
