"""One identity becomes a part of another."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import NestIdentityParams
from server.services.action_handler.outcomes import Applied, Outcome, Rejected
from server.services.action_handler.own_rows import two_own_live_identities


@handles(NestIdentityParams)
def nest_identity(
    coach_state: CoachState, params: NestIdentityParams, coach_message: ChatMessage | None
) -> Outcome:
    nested, parent = two_own_live_identities(coach_state, params.identity_id, params.parent_identity_id)
    if nested == parent:
        return Rejected(f'The identity "{nested.name}" cannot be nested in itself.')
    parent.take_notes([f"Nested: {nested.name}", *nested.notes_for_another()])
    nested.archive()
    coach_state.leave(nested)
    return Applied(f'Nested the identity "{nested.name}" in "{parent.name}".')
