"""The identity that is worked on now."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import SetCurrentIdentityParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(SetCurrentIdentityParams)
def set_current_identity(
    coach_state: CoachState, params: SetCurrentIdentityParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if identity.id == coach_state.current_identity_id:
        return Skipped(f'The current identity is "{identity.name}" already.')
    coach_state.change(current_identity=identity)
    return Applied(f'Made "{identity.name}" the current identity.')
