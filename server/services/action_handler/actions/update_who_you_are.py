"""Who the user says they are."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateWhoYouAreParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.wording import listed


@handles(UpdateWhoYouAreParams)
def update_who_you_are(
    coach_state: CoachState, params: UpdateWhoYouAreParams, coach_message: ChatMessage | None
) -> Outcome:
    entries = list(dict.fromkeys(params.who_you_are))
    if entries == coach_state.who_you_are:
        return Skipped('The list "Who you are" reads so already.')
    coach_state.change(who_you_are=entries)
    if not entries:
        return Applied('Emptied the list "Who you are".')
    return Applied(f'The list "Who you are" now reads {listed(entries)}.')
