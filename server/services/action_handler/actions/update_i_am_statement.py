"""An identity's "I am" statement."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateIAmStatementParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(UpdateIAmStatementParams)
def update_i_am_statement(
    coach_state: CoachState, params: UpdateIAmStatementParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if params.i_am_statement == identity.i_am_statement:
        return Skipped(f'The "I am" statement of "{identity.name}" reads so already.')
    identity.change(i_am_statement=params.i_am_statement)
    return Applied(f'Wrote down the "I am" statement of "{identity.name}".')
