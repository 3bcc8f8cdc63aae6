"""Looking things up in what the coach knows."""

import re
from collections.abc import Mapping

from server.apps.coach_states.models import PHASE_GOALS
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, KnownIdentity
from server.models.identity_name import name_key
from server.services.coach.offline.words import phrases, plain

CATEGORY_WORDS: Mapping[IdentityCategory, frozenset[str]] = {
    IdentityCategory.PASSIONS_AND_TALENTS: phrases("passion, passions, talent, talents"),
    IdentityCategory.MAKER_OF_MONEY: phrases("maker, making, earning, work"),
    IdentityCategory.KEEPER_OF_MONEY: phrases("keeper, keeping, saving"),
    IdentityCategory.SPIRITUAL: phrases("spiritual, spirituality, faith"),
    IdentityCategory.PERSONAL_APPEARANCE: phrases("appearance, looks"),
    IdentityCategory.PHYSICAL_EXPRESSION: phrases("physical, body"),
    IdentityCategory.FAMILIAL_RELATIONS: phrases("familial, family"),
    IdentityCategory.ROMANTIC_RELATION: phrases("romantic, romance, love"),
    IdentityCategory.DOER_OF_THINGS: phrases("doer, doing"),
}


def live(turn: CoachTurn) -> list[KnownIdentity]:
    """The user's identities that are not archived, oldest first."""
    return [identity for identity in turn.identities if identity.is_live]


def named(turn: CoachTurn, name: str) -> KnownIdentity | None:
    """The identity of that name without regard to case, an archived one too."""
    return next((identity for identity in turn.identities if name_key(identity.name) == name_key(name)), None)


def below_goal(turn: CoachTurn) -> list[KnownIdentity]:
    """The live identities that the phase has still to bring to its goal."""
    goal = PHASE_GOALS.get(turn.phase)
    return [identity for identity in live(turn) if goal and identity.state in goal.states_below()]


def subject(turn: CoachTurn) -> KnownIdentity | None:
    """The identity that the phase works on: the current one while it is below the goal, else the oldest below it."""
    waiting = below_goal(turn)
    current = (identity for identity in waiting if identity.id == turn.current_identity_id)
    return next(current, waiting[0] if waiting else None)


def proposed(turn: CoachTurn, category: IdentityCategory | None = None) -> KnownIdentity | None:
    """The oldest identity that is only proposed yet, in the category if one is given."""
    matching = (
        identity
        for identity in turn.identities
        if identity.state is IdentityState.PROPOSED and category in (None, identity.category)
    )
    return next(matching, None)


def mentioned(turn: CoachTurn, text: str) -> list[KnownIdentity]:
    """The live identities whose names stand in the text, in the text's order; a longer name wins over one within it."""
    rest, found = name_key(text), []
    for identity in sorted(live(turn), key=lambda identity: -len(identity.name)):
        place = re.search(rf"(?<!\w){re.escape(name_key(identity.name))}(?!\w)", rest)
        if place:
            found.append((place.start(), identity))
            rest = rest[: place.start()] + "\x00" * (place.end() - place.start()) + rest[place.end() :]
    return [identity for _, identity in sorted(found, key=lambda pair: pair[0])]


def category_called(text: str) -> IdentityCategory | None:
    """The category whose label or wire id the text is."""
    said = plain(text.replace("_", " "))
    return next((category for category in IdentityCategory if said == plain(category.label)), None)


def category_in(text: str) -> IdentityCategory | None:
    """The one category that a short text speaks of; None where it speaks of none, or of several."""
    said = set(plain(text.replace("_", " ")).split())
    found = [category for category, keywords in CATEGORY_WORDS.items() if keywords & said]
    return found[0] if len(found) == 1 else None


def last_coach_text(turn: CoachTurn) -> str:
    """What the coach said last, or ""."""
    said = (message.content for message in reversed(turn.messages) if message.role is MessageRole.COACH)
    return next(said, "")
