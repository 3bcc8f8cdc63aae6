"""A get-to-know-you question was asked."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateAskedQuestionsParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(UpdateAskedQuestionsParams)
def update_asked_questions(
    coach_state: CoachState, params: UpdateAskedQuestionsParams, coach_message: ChatMessage | None
) -> Outcome:
    asked = coach_state.asked_questions
    if params.asked_question in asked:
        return Skipped(f"The question {params.asked_question.label} was asked already.")
    coach_state.change(asked_questions=[*asked, params.asked_question])
    return Applied(f"Asked the question {params.asked_question.label}.")
