"""An identity gets another name."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.error_kind import ErrorKind
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateIdentityNameParams
from server.services.action_handler.outcomes import Applied, Outcome, Rejected, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(UpdateIdentityNameParams)
def update_identity_name(
    coach_state: CoachState, params: UpdateIdentityNameParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    old_name = identity.name
    if params.name == old_name:
        return Skipped(f'The identity is named "{old_name}" already.')
    if not identity.may_be_named(params.name):
        return Rejected(f'Another identity is named "{params.name}" already.', ErrorKind.CONFLICT)
    identity.change(name=params.name)
    return Applied(f'Renamed the identity "{old_name}" to "{params.name}".')
