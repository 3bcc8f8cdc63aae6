"""What the phases share that bring one identity after the other to a goal."""

from collections.abc import Callable
from dataclasses import dataclass

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import SetCurrentIdentityParams, TransitionPhaseParams
from server.services.coach.offline.answer import Answer, Heard
from server.services.coach.offline.commands import archive, obey, turn_to
from server.services.coach.offline.everywhere import PHASES, go_to
from server.services.coach.offline.expectation import expect
from server.services.coach.offline.identities import below_goal, live, subject
from server.services.coach.offline.quoting import quoted
from server.services.coach.offline.words import is_silent, is_small_talk, moves_on, says_done

NO_IDENTITY_LEFT = "There is no identity to work on yet. Shall we go back and look for some?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a phase does with the identity that it works on.

    `accept` is the params that a yes leads to, None where there is nothing yet to say yes to; `refuse` answers a no;
    `take` anything that is neither a short answer nor a command; `encourage` answers hesitation.
    """

    accepted: str
    accept: Callable[[KnownIdentity], ActionParams | None]
    refuse: Callable[[CoachTurn, KnownIdentity], Answer]
    take: Callable[[CoachTurn, KnownIdentity, str], Answer]
    encourage: str


def work_on(turn: CoachTurn, heard: Heard, work: Work) -> Answer:
    """Commands first, then the identity that the phase works on."""
    identity = subject(turn)
    if obeyed := obey(turn, heard.text):
        return obeyed
    if identity is None:
        return _without_subject(turn, heard)
    if moves_on(heard.text):
        return _leave(turn, identity, heard.text)
    return _decided(turn, identity, heard, work) or on_it(
        turn, identity, _told(turn, identity, heard.text, work)
    )


def _decided(turn: CoachTurn, identity: KnownIdentity, heard: Heard, work: Work) -> Answer | None:
    accepted = work.accept(identity) if heard.yes else None
    if accepted is not None:
        return settle(turn, work.accepted.format(quoted(identity.name)), accepted)
    return work.refuse(turn, identity) if heard.no else None


def _told(turn: CoachTurn, identity: KnownIdentity, text: str, work: Work) -> Answer:
    if is_small_talk(text):
        return Answer("" if is_silent(text) else work.encourage)
    return work.take(turn, identity, text)


def settle(turn: CoachTurn, said: str, *settled: ActionParams) -> Answer:
    """Do what ends the work on the current identity; after the last one, go on to the next phase."""
    after = expect(turn, settled)
    if subject(after) is not None:
        return Answer(said, settled)
    onward = go_on(after)
    return Answer(f"{said} {onward.said}".strip(), (*settled, *onward.actions))


def put_away(turn: CoachTurn, identity: KnownIdentity) -> Answer:
    """Archive the current identity, at the user's no."""
    put = archive(identity)
    return settle(turn, put.said, *put.actions)


def go_on(turn: CoachTurn) -> Answer:
    """Move to the next phase, if there is one; where no identity is left, back to the brainstorming."""
    if not live(turn):
        return go_to(CoachingPhase.IDENTITY_BRAINSTORMING, "Let us look for your identities again.")
    place = PHASES.index(turn.phase) + 1
    if place == len(PHASES):
        return Answer()
    return go_to(PHASES[place], f"That brings us to {PHASES[place].label}.")


def _leave(turn: CoachTurn, identity: KnownIdentity, text: str) -> Answer:
    """To the next identity that still waits; to the next phase when done, or where this is the only one."""
    waiting = below_goal(turn)
    if says_done(text) or len(waiting) == 1:
        return (
            go_on(turn) if turn.phase is not PHASES[-1] else Answer("As you like; we can go on at any time.")
        )
    return turn_to(waiting[(waiting.index(identity) + 1) % len(waiting)])


def _without_subject(turn: CoachTurn, heard: Heard) -> Answer:
    return go_on(turn) if heard.yes or moves_on(heard.text) else Answer()


def ask_to_go_on(turn: CoachTurn) -> str:
    """The question of a phase that has no identity to work on."""
    return "We are through with all of them. Shall we go on?" if live(turn) else NO_IDENTITY_LEFT


def on_it(turn: CoachTurn, identity: KnownIdentity, answer: Answer) -> Answer:
    """The answer, and the identity made the current one where it is not."""
    if not answer.actions or turn.current_identity_id == identity.id:
        return answer
    if any(isinstance(params, SetCurrentIdentityParams | TransitionPhaseParams) for params in answer.actions):
        return answer
    return Answer(answer.said, (*answer.actions, SetCurrentIdentityParams(identity_id=identity.id)))
