"""A note about the user reads otherwise."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateUserNoteParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_user_note
from server.services.action_handler.wording import excerpt


@handles(UpdateUserNoteParams)
def update_user_note(
    coach_state: CoachState, params: UpdateUserNoteParams, coach_message: ChatMessage | None
) -> Outcome:
    user_note = own_user_note(coach_state, params.user_note_id)
    old_note = user_note.note
    if params.note == old_note:
        return Skipped(f"The note {excerpt(old_note)} reads so already.")
    user_note.change(note=params.note)
    return Applied(f"Changed the note {excerpt(old_note)} to {excerpt(params.note)}.")
