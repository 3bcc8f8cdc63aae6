"""An identity is committed to; the next one comes up."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.identity_state import IdentityState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AcceptIdentityCommitmentParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(AcceptIdentityCommitmentParams)
def accept_identity_commitment(
    coach_state: CoachState, params: AcceptIdentityCommitmentParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if identity.has_reached(IdentityState.COMMITMENT_COMPLETE):
        return Skipped(f'The identity "{identity.name}" is at {identity.state.label} already.')
    identity.change(state=IdentityState.COMMITMENT_COMPLETE)
    coach_state.move_on(IdentityState.COMMITMENT_COMPLETE)
    return Applied(f'Completed the commitment to the identity "{identity.name}".')
