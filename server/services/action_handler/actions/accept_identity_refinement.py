"""An identity is refined; the next one comes up."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.identity_state import IdentityState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AcceptIdentityRefinementParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(AcceptIdentityRefinementParams)
def accept_identity_refinement(
    coach_state: CoachState, params: AcceptIdentityRefinementParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if identity.has_reached(IdentityState.REFINEMENT_COMPLETE):
        return Skipped(f'The identity "{identity.name}" is at {identity.state.label} already.')
    identity.change(state=IdentityState.REFINEMENT_COMPLETE)
    coach_state.move_on(IdentityState.REFINEMENT_COMPLETE)
    return Applied(f'Completed the refinement of the identity "{identity.name}".')
