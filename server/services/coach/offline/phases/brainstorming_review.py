"""Review: every proposed identity is kept or put away; some become one."""

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import accept, archive, obey
from server.services.coach.offline.everywhere import go_to
from server.services.coach.offline.goals import NO_IDENTITY_LEFT
from server.services.coach.offline.identities import last_coach_text, live, proposed
from server.services.coach.offline.quoting import quoted, quoted_all

HOW = "Say “yes” or “no”, or join two: “combine A and B”, “A is part of B”."
REFINE = "Then we polish them, one by one."


def ask(turn: CoachTurn) -> str:
    if identity := proposed(turn):
        return f"Shall we keep {quoted(identity.name)}? {HOW}"
    if live(turn):
        names = quoted_all([identity.name for identity in live(turn)])
        return f"We keep {names}. Would you join any of them, or shall we go on? Say “next” to go on."
    return NO_IDENTITY_LEFT


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    if not live(turn):
        return _back(heard)
    if words.moves_on(heard.text):
        return _go_on(turn)
    if heard.yes or heard.no:
        return _settle(turn, heard)
    if obeyed := obey(turn, heard.text):
        return obeyed
    if words.is_silent(heard.text) or ask(turn) not in last_coach_text(turn):
        return Answer()
    return Answer("I did not quite follow; say “help” to see what one can do here.")


def _settle(turn: CoachTurn, heard: Heard) -> Answer:
    if identity := proposed(turn):
        return accept(identity) if heard.yes else archive(identity)
    return _go_on(turn)


def _go_on(turn: CoachTurn) -> Answer:
    undecided = "What is undecided stays. " if proposed(turn) else ""
    return go_to(CoachingPhase.IDENTITY_REFINEMENT, f"{undecided}{REFINE}")


def _back(heard: Heard) -> Answer:
    if heard.yes or words.moves_on(heard.text):
        return go_to(CoachingPhase.IDENTITY_BRAINSTORMING, "Let us look again.")
    return Answer()


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "“yes” keeps the identity I ask about, “no” puts it away; “keep A” and “drop A” do so by name. “combine A and "
        "B” makes one of two, “A is part of B” takes one into the other, “rename A to B” and “note about A: …” change "
        "one. “next” goes on with all that are left."
    ),
)
