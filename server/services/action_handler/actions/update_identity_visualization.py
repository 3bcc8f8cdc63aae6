"""How the user pictures life as an identity."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import UpdateIdentityVisualizationParams
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.action_handler.own_rows import own_live_identity


@handles(UpdateIdentityVisualizationParams)
def update_identity_visualization(
    coach_state: CoachState, params: UpdateIdentityVisualizationParams, coach_message: ChatMessage | None
) -> Outcome:
    identity = own_live_identity(coach_state, params.identity_id)
    if params.visualization == identity.visualization:
        return Skipped(f'The visualization of "{identity.name}" reads so already.')
    identity.change(visualization=params.visualization)
    return Applied(f'Wrote down the visualization of "{identity.name}".')
