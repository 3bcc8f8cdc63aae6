"""An identity is accepted."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.identity_state import IdentityState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AcceptIdentityParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(AcceptIdentityParams)
def accept_identity(
    coach_state: CoachState, params: AcceptIdentityParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if identity.has_reached(IdentityState.ACCEPTED):
        return Skipped(f'The identity "{identity.name}" is at {identity.state.label} already.')
    identity.change(state=IdentityState.ACCEPTED)
    return Applied(f'Accepted the identity "{identity.name}".')
