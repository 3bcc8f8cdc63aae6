"""The category that is talked about next."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import SelectIdentityFocusParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(SelectIdentityFocusParams)
def select_identity_focus(
    coach_state: CoachState, params: SelectIdentityFocusParams, coach_message: ChatMessage | None
) -> Outcome:
    if params.category == coach_state.identity_focus:
        return Skipped(f"The focus is on {params.category.label} already.")
    coach_state.change(identity_focus=params.category)
    return Applied(f"Turned the focus to {params.category.label}.")
