"""Something to remember about the user."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.user_notes.models import UserNote
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.wording import excerpt


@handles(AddUserNoteParams)
def add_user_note(
    coach_state: CoachState, params: AddUserNoteParams, coach_message: ChatMessage | None
) -> Outcome:
    if UserNote.objects.filter(user_id=coach_state.user_id, note=params.note).exists():
        return Skipped(f"The note {excerpt(params.note)} exists already.")
    UserNote.objects.create(user_id=coach_state.user_id, note=params.note, coach_message=coach_message)
    return Applied(f"Noted {excerpt(params.note)}.")
