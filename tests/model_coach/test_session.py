"""The recorded session of the examples, through prompt, provider, queue and handlers."""

import asyncio
from dataclasses import dataclass

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.services.action_queue.accept import Provenance, accept_response, accept_user_message
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.reply import prepare_turn
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import load_script
from server.testing.perform import drain
from tests.model_coach.asking import Heard, settings_of
from tests.model_coach.played import SESSION

PHASES = [
    "introduction",
    "get_to_know_you",
    "identity_warm_up",
    "identity_brainstorming",
    "brainstorming_review",
    "identity_refinement",
    "anything_missing",
    "identity_commitment",
    "i_am_statement",
    "identity_visualization",
]


@dataclass
class Session:
    """A user who goes through the session, and waits until each turn's actions have ended."""

    user: User
    coach: ModelCoach

    def say(self, text: str) -> str:
        turn = prepare_turn(self.user, accept_user_message(self.user, text))
        heard = Heard()
        answer = asyncio.run(self.coach.reply(turn, heard))
        assert heard.shown == answer.response.message
        assert answer.left_out == ()
        accept_response(self.user, answer.response, Provenance(phase=turn.phase, model=answer.model))
        drain(self.user)
        return turn.phase.value


def test_the_recorded_session_goes_through_every_phase(user: User) -> None:
    script = load_script(SESSION).model_copy(update={"delay": 0.0})
    with ModelServer(script) as server:
        session = Session(user, ModelCoach(settings_of(server)))
        phases = [session.say(f"message {number}") for number in range(len(script.steps))]
        assert len(server.requests) == len(script.steps), "an answer was sent back"
    assert list(dict.fromkeys(phases)) == PHASES
    ended = [
        (str(action.action_type), str(action.status))
        for action in Action.objects.filter(user=user).order_by("seq")
    ]
    assert [one for one in ended if one[1] != "succeeded"] == []
    gardener = Identity.objects.get(user=user, name="Night Gardener")
    assert gardener.i_am_statement.startswith("I am the Night Gardener")
    assert gardener.visualization.startswith("The moon")
    assert CoachState.objects.get(user=user).current_phase == "identity_visualization"
