"""A category is left out."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import SkipIdentityCategoryParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(SkipIdentityCategoryParams)
def skip_identity_category(
    coach_state: CoachState, params: SkipIdentityCategoryParams, coach_message: ChatMessage | None
) -> Outcome:
    skipped = coach_state.skipped_identity_categories
    if params.category in skipped:
        return Skipped(f"The category {params.category.label} is left out already.")
    coach_state.change(skipped_identity_categories=[*skipped, params.category])
    return Applied(f"Left out the category {params.category.label}.")
