"""The coaching moves to another phase."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import TransitionPhaseParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped


@handles(TransitionPhaseParams)
def transition_phase(
    coach_state: CoachState, params: TransitionPhaseParams, coach_message: ChatMessage | None
) -> Outcome:
    before = coach_state.current_phase
    if params.to_phase == before:
        return Skipped(f"The phase is {before.label} already.")
    coach_state.enter(params.to_phase)
    return Applied(f"Moved from the phase {before.label} to {params.to_phase.label}.")
