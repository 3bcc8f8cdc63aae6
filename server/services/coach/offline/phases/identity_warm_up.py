"""Warm-up: what follows "I am …" and "I want to be …" goes into two lists."""

from collections.abc import Callable, Sequence

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import UpdateWhoYouAreParams, UpdateWhoYouWantToBeParams
from server.services.action_handler.models.text import LIST_LIMIT
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.everywhere import go_to
from server.services.coach.offline.names import Statements, names_in, statements_in
from server.services.coach.offline.quoting import quoted_all

ASK_WHO_YOU_ARE = "Who are you today? Give me a sentence or two that begin with “I am …”."
ASK_WHO_YOU_WANT_TO_BE = "And who do you want to be? Begin with “I want to be …”."
ASK_TO_GO_ON = "Shall we go on? Say “next”, or tell me more."
BRAINSTORM = "Good. Now we look for your identities, one part of life at a time."
SHAPE = "Begin with “I am …” or “I want to be …”, so that I write it down the way you mean it."


def ask(turn: CoachTurn) -> str:
    if not turn.who_you_are:
        return ASK_WHO_YOU_ARE
    return ASK_TO_GO_ON if turn.who_you_want_to_be else ASK_WHO_YOU_WANT_TO_BE


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    if words.moves_on(heard.text) or (heard.yes and ask(turn) == ASK_TO_GO_ON):
        return go_to(CoachingPhase.IDENTITY_BRAINSTORMING, BRAINSTORM)
    if heard.no and ask(turn) == ASK_TO_GO_ON:
        return Answer("Then tell me more.")
    stated = _stated(turn, heard)
    if not (stated.are or stated.want_to_be):
        return Answer("" if words.is_silent(heard.text) else SHAPE)
    are = _more(turn.who_you_are, stated.are, lambda all_of: UpdateWhoYouAreParams(who_you_are=all_of))
    want = _more(
        turn.who_you_want_to_be,
        stated.want_to_be,
        lambda all_of: UpdateWhoYouWantToBeParams(who_you_want_to_be=all_of),
    )
    return Answer(_said(stated) if are or want else "I have that already.", (*are, *want))


def _stated(turn: CoachTurn, heard: Heard) -> Statements:
    """The statements of the text; a bare list of words belongs to what was asked for."""
    stated = statements_in(heard.text)
    if stated.are or stated.want_to_be or not heard.answers or words.is_small_talk(heard.text):
        return stated
    bare = tuple(names_in(heard.text))
    question = ask(turn)
    return Statements(
        are=bare if question == ASK_WHO_YOU_ARE else (),
        want_to_be=bare if question == ASK_WHO_YOU_WANT_TO_BE else (),
    )


def _more(
    known: Sequence[str], new: Sequence[str], params: Callable[[list[str]], ActionParams]
) -> tuple[ActionParams, ...]:
    """The whole list with the new entries, if it grows."""
    keys = {entry.casefold() for entry in known}
    all_of = [*known, *(entry for entry in new if entry.casefold() not in keys)][:LIST_LIMIT]
    return (params(all_of),) if len(all_of) > len(known) else ()


def _said(stated: Statements) -> str:
    are = f"who you are: {quoted_all(stated.are)}" if stated.are else ""
    want = f"who you want to be: {quoted_all(stated.want_to_be)}" if stated.want_to_be else ""
    return f"I will write down {' and '.join(part for part in (are, want) if part)}."


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help="Tell me “I am …” and “I want to be …”, as often as you like; “next” goes on.",
)
