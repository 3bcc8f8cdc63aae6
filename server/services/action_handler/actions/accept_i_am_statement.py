"""An identity's "I am" statement is final; the next one comes up."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.error_kind import ErrorKind
from server.enums.identity_state import IdentityState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AcceptIAmStatementParams
from server.services.action_handler.outcomes import Applied, Outcome, Rejected, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(AcceptIAmStatementParams)
def accept_i_am_statement(
    coach_state: CoachState, params: AcceptIAmStatementParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if identity.has_reached(IdentityState.I_AM_COMPLETE):
        return Skipped(f'The identity "{identity.name}" is at {identity.state.label} already.')
    if not identity.i_am_statement:
        return Rejected(f'The identity "{identity.name}" has no "I am" statement yet.', ErrorKind.CONFLICT)
    identity.change(state=IdentityState.I_AM_COMPLETE)
    coach_state.move_on(IdentityState.I_AM_COMPLETE)
    return Applied(f'Completed the "I am" statement of the identity "{identity.name}".')
