"""Who the user says they want to be."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateWhoYouWantToBeParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.wording import listed


@handles(UpdateWhoYouWantToBeParams)
def update_who_you_want_to_be(
    coach_state: CoachState, params: UpdateWhoYouWantToBeParams, coach_message: ChatMessage | None
) -> Outcome:
    entries = list(dict.fromkeys(params.who_you_want_to_be))
    if entries == coach_state.who_you_want_to_be:
        return Skipped('The list "Who you want to be" reads so already.')
    coach_state.change(who_you_want_to_be=entries)
    if not entries:
        return Applied('Emptied the list "Who you want to be".')
    return Applied(f'The list "Who you want to be" now reads {listed(entries)}.')
