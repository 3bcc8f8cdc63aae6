"""Names that the user gave and that are not taken up yet.

A response can create one identity only. Of several names in one message the coach takes up the first and offers the
others one by one; which ones are still waiting is read from the conversation.
"""

from collections.abc import Callable
from dataclasses import dataclass

from server.enums.action_type import ActionType
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, Said
from server.models.identity_name import name_key
from server.services.coach.offline import words
from server.services.coach.offline.commands import is_command
from server.services.coach.offline.everywhere import is_everywhere
from server.services.coach.offline.identities import category_called, named
from server.services.coach.offline.names import names_in, statements_in

NAMES_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name, and the words of the user in which it came."""

    name: str
    told: str


ReadNames = Callable[[str, str], list[str]]


def names_given(text: str) -> list[str]:
    """The identities that a text names, where it is no short answer, command or category."""
    if words.is_small_talk(text) or is_command(text) or is_everywhere(text) or category_called(text):
        return []
    return names_in(text)[:NAMES_AT_ONCE]


def names_stated(text: str) -> list[str]:
    """As `names_given`, only after "I am" or "I want to be"."""
    stated = statements_in(text)
    return names_given(text) if stated.are or stated.want_to_be else []


def waiting(
    turn: CoachTurn, offer: Callable[[str], str], read: ReadNames = lambda text, _asked: names_given(text)
) -> list[Waiting]:
    """The names given in this phase that were neither taken up nor declined, in the order in which they came.

    `offer` is the sentence with which the phase offers a name; a "no" after it declines, and moving on declines all.
    `read` finds the names in the user's text, given what the coach had said before it.
    """
    queue: list[Waiting] = []
    asked = ""
    for said in turn.messages:
        if said.role is MessageRole.COACH:
            queue = [] if said.phase not in (None, turn.phase) else _not_in(_created(said), queue)
            asked = said.content
        elif words.says_no(said.content):
            queue = [one for one in queue if offer(one.name) not in asked]
        elif words.moves_on(said.content):
            queue = []
        else:
            told = words.clean(said.content)
            known = {name_key(one.name) for one in queue}
            queue += _not_in(known, [Waiting(name, told) for name in read(told, asked)])
    return [one for one in queue if not named(turn, one.name)]


def _created(said: Said) -> set[str]:
    creations = (action for action in said.actions if action.action_type == ActionType.CREATE_IDENTITY)
    return {name_key(str(action.parameters.get("name", ""))) for action in creations}


def _not_in(keys: set[str], queue: list[Waiting]) -> list[Waiting]:
    return [one for one in queue if name_key(one.name) not in keys]
