"""An identity is put away for good."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import ArchiveIdentityParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_identity


@handles(ArchiveIdentityParams)
def archive_identity(
    coach_state: CoachState, params: ArchiveIdentityParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_identity(coach_state, params.identity_id)
    if identity.is_archived:
        return Skipped(f'The identity "{identity.name}" was archived already.')
    identity.archive()
    coach_state.leave(identity)
    return Applied(f'Archived the identity "{identity.name}".')
