"""Commitment: a yes or no to each identity."""

from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.params import AcceptIdentityCommitmentParams
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.everywhere import remember
from server.services.coach.offline.goals import Work, ask_to_go_on, put_away, work_on
from server.services.coach.offline.identities import subject
from server.services.coach.offline.quoting import quoted


def ask(turn: CoachTurn) -> str:
    identity = subject(turn)
    if identity is None:
        return ask_to_go_on(turn)
    return f"Do you commit to being {quoted(identity.name)}? Say “yes”, “later”, or “no” to put it away for good."


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    return work_on(turn, heard, WORK)


def take(turn: CoachTurn, identity: KnownIdentity, text: str) -> Answer:
    return remember(text)


WORK = Work(
    accepted="Your yes to {} counts.",
    accept=lambda identity: AcceptIdentityCommitmentParams(identity_id=identity.id),
    refuse=put_away,
    take=take,
    encourage="There is no hurry; commit only to what you mean.",
)
RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "“yes” commits to the identity I ask about, “no” puts it away for good, “later” turns to another. “A is part "
        "of B” takes one into the other, “talk about A” turns to the one you name, “done” goes on."
    ),
)
