"""Anything missing: a last chance to add an identity, which is then refined like the others."""

from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.params import AcceptIdentityRefinementParams
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import obey
from server.services.coach.offline.everywhere import go_to
from server.services.coach.offline.goals import on_it
from server.services.coach.offline.identities import category_in, live, named, subject
from server.services.coach.offline.phases.identity_brainstorming import NAME_IT, left_out, note_down
from server.services.coach.offline.phases.identity_refinement import WORK, ask_of, refuse, take
from server.services.coach.offline.quoting import quoted
from server.services.coach.offline.waiting import Waiting, names_given, names_stated, waiting

ASK = "Is anything missing? Name who else you are, or say “no”."
COMMIT = "Then all of them are on the table. Now comes the moment to commit."
WHICH_OF_THEM = "One of these parts of life, please; the nearest will do."
CATEGORIES = ", ".join(category.label for category in IdentityCategory)


def which_category(name: str) -> str:
    return f"Which part of life does {quoted(name)} belong to: {CATEGORIES}? (“no” leaves it out.)"


def ask(turn: CoachTurn) -> str:
    if others := _waiting(turn):
        return which_category(others[0].name)
    if identity := subject(turn):
        return ask_of(identity)
    return ASK


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    if obeyed := obey(turn, heard.text):
        return obeyed
    if words.moves_on(heard.text):
        return _go_on(turn)
    if others := _waiting(turn):
        return _place(turn, heard, others[0])
    identity = subject(turn)
    if not heard.answers:
        return Answer()
    if identity:
        return _refined(turn, heard, identity)
    return _go_on(turn) if heard.no else _add(turn, heard.text)


def _place(turn: CoachTurn, heard: Heard, one: Waiting) -> Answer:
    """The user says which part of life a name belongs to."""
    if heard.no:
        return Answer(f"I leave {quoted(one.name)} out, then.")
    if names_stated(heard.text):
        return _add(turn, heard.text)
    category = category_in(heard.text) if heard.answers else None
    if category is None:
        return Answer("" if words.is_silent(heard.text) else WHICH_OF_THEM)
    return note_down(turn, one.name, one.told, category)


def _waiting(turn: CoachTurn) -> list[Waiting]:
    """The names that still need their part of life."""
    return waiting(turn, which_category, _names)


def _names(text: str, asked: str) -> list[str]:
    """The names in an answer to ASK; in one to the question for the part of life, those after "I am" only."""
    if ASK in asked:
        return names_given(text)
    return names_stated(text) if CATEGORIES in asked else []


def _refined(turn: CoachTurn, heard: Heard, identity: KnownIdentity) -> Answer:
    if heard.yes:
        accepted = AcceptIdentityRefinementParams(identity_id=identity.id)
        return Answer(f"{quoted(identity.name)} it is.", (accepted,))
    if heard.no:
        return refuse(turn, identity)
    if words.is_small_talk(heard.text):
        return Answer("" if words.is_silent(heard.text) else WORK.encourage)
    return on_it(turn, identity, take(turn, identity, heard.text))


def _add(turn: CoachTurn, text: str) -> Answer:
    """Names wait for their part of life: the coach asks for it next."""
    names = names_given(text)
    known = [identity for name in names if (identity := named(turn, name))]
    if len(known) < len(names):
        return Answer("Good that you say it.")
    if known:
        state = "is with us already" if known[0].is_live else "was put away for good; give it another name"
        return Answer(f"{quoted(known[0].name)} {state}.")
    return Answer("" if words.is_small_talk(text) else NAME_IT)


def _go_on(turn: CoachTurn) -> Answer:
    left = left_out(_waiting(turn))
    if not live(turn):
        return go_to(
            CoachingPhase.IDENTITY_BRAINSTORMING, f"{left}There is no identity yet, so let us look again."
        )
    return go_to(CoachingPhase.IDENTITY_COMMITMENT, f"{left}{COMMIT}")


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "Name who else you are, such as “I am a friend”, and then the part of life it belongs to; “no” when nothing is "
        "missing. “rename A to B”, “note about A: …” and “talk about A” work here too."
    ),
)
