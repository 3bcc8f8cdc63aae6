"""A category that was left out is taken in again."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UnskipIdentityCategoryParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(UnskipIdentityCategoryParams)
def unskip_identity_category(
    coach_state: CoachState, params: UnskipIdentityCategoryParams, coach_message: ChatMessage | None
) -> Outcome:
    skipped = coach_state.skipped_identity_categories
    if params.category not in skipped:
        return Skipped(f"The category {params.category.label} is not left out.")
    coach_state.change(skipped_identity_categories=[other for other in skipped if other != params.category])
    return Applied(f"Took in the category {params.category.label} again.")
