"""Brainstorming: one category after the other; what the user names becomes an identity."""

from collections.abc import Mapping

from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import (
    CreateIdentityParams,
    SelectIdentityFocusParams,
    SkipIdentityCategoryParams,
    UnskipIdentityCategoryParams,
)
from server.services.action_handler.models.text import TEXT_LIMIT
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import accept, archive, beginning_only, obey
from server.services.coach.offline.everywhere import go_to
from server.services.coach.offline.identities import category_called, live, named, proposed
from server.services.coach.offline.quoting import quoted, quoted_all
from server.services.coach.offline.waiting import NAMES_AT_ONCE, Waiting, names_given, waiting

HINTS: Mapping[IdentityCategory, str] = {
    IdentityCategory.PASSIONS_AND_TALENTS: "What do you love to do, or do well?",
    IdentityCategory.MAKER_OF_MONEY: "Who are you when you earn your living?",
    IdentityCategory.KEEPER_OF_MONEY: "Who are you when you look after what you have?",
    IdentityCategory.SPIRITUAL: "Who are you when it comes to what is larger than you?",
    IdentityCategory.PERSONAL_APPEARANCE: "Who are you in the way you look and dress?",
    IdentityCategory.PHYSICAL_EXPRESSION: "Who are you when you move, train or rest?",
    IdentityCategory.FAMILIAL_RELATIONS: "Who are you to your family?",
    IdentityCategory.ROMANTIC_RELATION: "Who are you in love?",
    IdentityCategory.DOER_OF_THINGS: "Who are you when you get things done, at home and everywhere?",
}
NAME_IT = "How would you name that part of you? A word or two will do, such as “I am a gardener”."
TOO_MANY = "I can hold a dozen names at once; if there were more, tell me the others after these."
REVIEW = "Then let us look at what we have found."
NONE_YET = "We have no identity yet, and the next step needs one; any part of life will do."


def offer(name: str) -> str:
    return f"You also said {quoted(name)}: shall I add that too?"


def ask(turn: CoachTurn) -> str:
    focus = turn.identity_focus
    if others := waiting(turn, offer):
        return offer(others[0].name)
    if identity := proposed(turn, focus):
        return f"Does {quoted(identity.name)} fit you? Say “yes” to keep it, “no” to put it away, or name another."
    if any(identity.category is focus for identity in live(turn)):
        return f"Who else are you in {focus.label}? Name one, or say “next”."
    return f"{focus.label}: {HINTS[focus]} Name it, or say “skip”."


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    if words.moves_on(heard.text):
        return _move_on(turn, heard.text)
    if heard.yes or heard.no:
        return _settle(turn, heard)
    if category := category_called(heard.text.removeprefix("unskip ")):
        return _turn_to(turn, category)
    if obeyed := obey(turn, heard.text):
        return obeyed
    if words.is_small_talk(heard.text):
        return Answer("" if words.is_silent(heard.text) else "Take your time; there is no wrong answer.")
    return _note_names(turn, heard.text)


def note_down(turn: CoachTurn, name: str, told: str, category: IdentityCategory) -> Answer:
    """Create the identity that the user named, with their words as its note."""
    known = named(turn, name)
    if known and known.is_live:
        return Answer(f"{quoted(known.name)} is with us already.")
    if known:
        return Answer(f"{quoted(known.name)} was put away for good; give it another name to have it back.")
    note = "" if words.plain(told) == words.plain(name) != "" else words.clip(told, TEXT_LIMIT)
    said = f"I will add {quoted(name)} to {category.label}.{beginning_only(told)}"
    return Answer(said, (CreateIdentityParams(name=name, category=category, note=note),))


def left_out(names: list[Waiting]) -> str:
    """What to say of names that still wait when the user moves on."""
    return f"I leave out {quoted_all([one.name for one in names])}. " if names else ""


def _settle(turn: CoachTurn, heard: Heard) -> Answer:
    """A yes or no to what was asked: an offered name, else a proposed identity, else whether there is more."""
    if others := waiting(turn, offer):
        return (
            _take_up(turn, others[0]) if heard.yes else Answer(f"I leave {quoted(others[0].name)} out, then.")
        )
    if identity := proposed(turn, turn.identity_focus):
        return accept(identity) if heard.yes else archive(identity)
    return Answer("Tell me its name, then.") if heard.yes else _move_on(turn, heard.text)


def _take_up(turn: CoachTurn, one: Waiting) -> Answer:
    return note_down(turn, one.name, one.told, turn.identity_focus)


def _note_names(turn: CoachTurn, text: str) -> Answer:
    """Take up the first new name; the others wait, and are offered next."""
    names = names_given(text)
    new = next((name for name in names if named(turn, name) is None), None)
    if new is None:
        return note_down(turn, names[0], text, turn.identity_focus) if names else Answer(NAME_IT)
    noted = note_down(turn, new, text, turn.identity_focus)
    return Answer(f"{noted.said} {TOO_MANY}", noted.actions) if len(names) == NAMES_AT_ONCE else noted


def _turn_to(turn: CoachTurn, category: IdentityCategory) -> Answer:
    """Talk about the category that the user called; one that was left out is taken in again."""
    actions: tuple[ActionParams, ...] = ()
    if category is not turn.identity_focus:
        actions = (SelectIdentityFocusParams(category=category),)
    if category in turn.skipped_identity_categories:
        actions = (*actions, UnskipIdentityCategoryParams(category=category))
    return Answer(f"Let us talk about {category.label}.", actions)


def _move_on(turn: CoachTurn, text: str) -> Answer:
    """To the next category, or to the review after the last one or when done; names that wait are left out."""
    said = left_out(waiting(turn, offer))
    onward = _onward(turn, text)
    skipped = _left_out(turn) if words.says_skip(text) else ()
    return Answer(f"{said}{onward.said}", (*skipped, *onward.actions))


def _left_out(turn: CoachTurn) -> tuple[ActionParams, ...]:
    """To skip leaves the category out, unless something was found in it."""
    focus = turn.identity_focus
    if focus in turn.skipped_identity_categories or any(one.category is focus for one in live(turn)):
        return ()
    return (SkipIdentityCategoryParams(category=focus),)


def _onward(turn: CoachTurn, text: str) -> Answer:
    following = _next_category(turn)
    if following and not words.says_done(text):
        return Answer("On we go.", (SelectIdentityFocusParams(category=following),))
    if not live(turn):
        return Answer(NONE_YET)
    return go_to(CoachingPhase.BRAINSTORMING_REVIEW, REVIEW)


def _next_category(turn: CoachTurn) -> IdentityCategory | None:
    """The next one in walking order that was not left out."""
    categories = list(IdentityCategory)
    after = categories[categories.index(turn.identity_focus) + 1 :]
    return next((one for one in after if one not in turn.skipped_identity_categories), None)


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "Name who you are in this part of life: “Night gardener and cook”, “I am a runner”. “yes” keeps what I ask "
        "about, “no” puts it away; “rename A to B” and “note about A: …” change one. “next” goes to the next part of "
        "life, “skip” leaves this one out, the name of a part of life turns to it, and “done” ends the search."
    ),
)
