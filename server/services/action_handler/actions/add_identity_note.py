"""A note on an identity."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AddIdentityNoteParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(AddIdentityNoteParams)
def add_identity_note(
    coach_state: CoachState, params: AddIdentityNoteParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if params.note in identity.notes:
        return Skipped(f'The identity "{identity.name}" has this note already.')
    identity.take_notes([params.note])
    return Applied(f'Added a note to the identity "{identity.name}".')
