"""A note about the user is forgotten."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import DeleteUserNoteParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_user_note_if_any
from server.services.action_handler.wording import excerpt


@handles(DeleteUserNoteParams)
def delete_user_note(
    coach_state: CoachState, params: DeleteUserNoteParams, coach_message: ChatMessage | None
) -> Outcome:
    user_note = own_user_note_if_any(coach_state, params.user_note_id)
    if user_note is None:
        return Skipped("That note is gone already.")
    user_note.delete()
    return Applied(f"Deleted the note {excerpt(user_note.note)}.")
