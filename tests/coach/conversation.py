"""A user who talks to the coach through the real path, action by action."""

import asyncio
from dataclasses import dataclass, field

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.services.action_queue.accept import Provenance, accept_response, accept_user_message
from server.services.coach.reply import prepare_turn, reply
from server.testing.perform import drain


@dataclass
class Conversation:
    """`say` takes a turn and performs its actions; `transcript` keeps what was said and done."""

    user: User
    transcript: list[str] = field(default_factory=list)

    def say(self, text: str) -> str:
        """What the coach answers; its actions have run when this returns. None of them may end badly."""
        turn = prepare_turn(self.user, accept_user_message(self.user, text))
        answer = asyncio.run(reply(turn))
        provenance = Provenance(phase=turn.phase, prompt_version=answer.prompt_version, model=answer.model)
        accepted = accept_response(self.user, answer.response, provenance)
        drain(self.user)
        actions = list(Action.objects.filter(coach_message=accepted.message).order_by("position"))
        self.transcript += [f"USER  {text}", f"COACH {answer.response.message}"]
        self.transcript += [
            f"      · {one.action_type} {one.status}: {one.result_summary}" for one in actions
        ]
        ended_badly = [one for one in actions if one.status not in ("succeeded", "skipped")]
        assert not ended_badly, "\n".join([*self.transcript, *(one.error_message for one in ended_badly)])
        return answer.response.message

    def say_all(self, *texts: str) -> None:
        for text in texts:
            self.say(text)

    @property
    def state(self) -> CoachState:
        return CoachState.objects.get(user=self.user)

    def phase(self) -> CoachingPhase:
        return CoachingPhase(self.state.current_phase)

    def current_identity(self) -> Identity | None:
        return self.state.current_identity

    def identities(self) -> dict[str, str]:
        """The state of each identity by its name, oldest first."""
        return {one.name: one.state.value for one in Identity.objects.filter(user=self.user).in_order()}

    def identity(self, name: str) -> Identity:
        return Identity.objects.get(user=self.user, name=name)

    def __str__(self) -> str:
        return "\n".join(self.transcript)
