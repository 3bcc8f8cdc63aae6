"""A new identity, proposed."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import CreateIdentityParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(CreateIdentityParams)
def create_identity(
    coach_state: CoachState, params: CreateIdentityParams, coach_message: ChatMessage | None
) -> Outcome:
    namesake = Identity.objects.filter(user_id=coach_state.user_id).named(params.name).first()
    if namesake:
        how = ", archived" if namesake.is_archived else ""
        return Skipped(f'The identity "{namesake.name}" exists already{how}.')
    Identity.objects.create(
        user_id=coach_state.user_id,
        name=params.name,
        category=params.category,
        notes=[params.note] if params.note else [],
    )
    return Applied(f'Created the identity "{params.name}" in {params.category.label}.')
