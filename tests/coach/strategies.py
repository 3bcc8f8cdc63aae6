"""Any user: what they may have, what they may say."""

from typing import Any

from hypothesis import strategies as st

from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, KnownIdentity, KnownNote, Said
from server.models.identity_name import name_key
from server.services.coach.offline.rules import RULES

STORABLE = st.characters(exclude_categories=["Cs", "Cc"])
STORED_TEXT = st.text(STORABLE, min_size=1).map(str.strip).filter(bool)
LONG_TEXT = st.builds(
    lambda part, times: (part * times)[:4_000].strip(),
    st.sampled_from(["I am. ", "שלום ", "👩‍🚀", "é", "word "]),
    st.integers(1, 4_000),
)
NAME = st.one_of(
    st.sampled_from(
        ["Gardener", "Cook", "Night gardener", "a", "…", "גנן", "👩‍🚀 pilot", "Cook / Gardener", "x" * 255]
    ),
    STORED_TEXT.map(lambda text: text[:255].strip()),
)
PROSE = st.one_of(st.just(""), STORED_TEXT, LONG_TEXT)

COMMANDS = [
    "yes", "no", "next", "skip", "done", "help", "list", "back", "ready", "👍", "?", "hello", "not sure",
    "go to identity refinement", "go to spiritual", "call me Eve", "remember: tea", "forget: a", "spiritual", "family",
    "I am a runner", "I am a runner, a cook and a friend who cares", "I want to be calm and brave",
    "combine Gardener and Cook", "Cook is a part of Gardener", "nest Gardener in Cook", "rename Cook to Gardener",
    "rename Gardener to " + "y" * 300, "call it Cook", "call it " + "z" * 400, "keep Cook", "drop Gardener", "drop it",
    "note about Cook: " + "w " * 5_000, "talk about Cook", "statement: so be it", "statement:  ", "I am",
    "gardener, cook, runner, painter, singer", "😀" * 300, "שלום, אני גנן ואני טבח", "I am " * 4_000, "a, " * 6_600,
    "is part of " * 1_800, " " * 20_000, "rename " + "to " * 6_000, "\N{COMBINING ACUTE ACCENT}" * 5_000,
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(COMMANDS),
    st.text(STORABLE | st.sampled_from("\n\t"), max_size=300),
    LONG_TEXT.map(lambda text: (text * 5)[:20_000]),
)
ANY_TEXT = st.one_of(TEXT, st.text(st.characters(codec=None), max_size=200))


def _identities(drawn: list[dict[str, Any]]) -> tuple[KnownIdentity, ...]:
    return tuple(
        KnownIdentity(id=f"00000000-0000-4000-8000-{place:012}", **one) for place, one in enumerate(drawn)
    )


IDENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAME,
            "category": st.sampled_from(IdentityCategory),
            "state": st.sampled_from(IdentityState),
            "i_am_statement": PROSE,
            "visualization": PROSE,
        }
    ),
    max_size=5,
    unique_by=lambda one: name_key(one["name"]),
).map(_identities)


@st.composite
def turns(draw: st.DrawFn, texts: st.SearchStrategy[str] = ANY_TEXT) -> CoachTurn:
    """A turn of any phase and state, in which the coach has asked, or not, and the user has said anything."""
    identities = draw(IDENTITIES)
    state: dict[str, Any] = {
        "phase": draw(st.sampled_from(CoachingPhase)),
        "first_name": draw(st.sampled_from(["", "Ada"])),
        "identity_focus": draw(st.sampled_from(IdentityCategory)),
        "current_identity_id": draw(st.sampled_from([None, *(one.id for one in identities)])),
        "skipped_identity_categories": _some(draw, list(IdentityCategory)),
        "who_you_are": tuple(draw(st.lists(NAME, unique=True, max_size=100))),
        "who_you_want_to_be": tuple(draw(st.lists(NAME, unique=True, max_size=3))),
        "asked_questions": _some(draw, list(GetToKnowYouQuestion)),
        "identities": identities,
        "user_notes": tuple(
            KnownNote(id=f"00000000-0000-4000-9000-{place:012}", note=note)
            for place, note in enumerate(
                draw(st.lists(STORED_TEXT | st.just("Name: Ada"), unique=True, max_size=3))
            )
        ),
    }
    return CoachTurn(**state, messages=_messages(draw, CoachTurn(**state), texts))


def _some(draw: st.DrawFn, of: list[Any]) -> tuple[Any, ...]:
    return tuple(draw(st.lists(st.sampled_from(of), unique=True)))


def _messages(draw: st.DrawFn, turn: CoachTurn, texts: st.SearchStrategy[str]) -> tuple[Said, ...]:
    question = Said(role=MessageRole.COACH, content=RULES[turn.phase].ask(turn), phase=turn.phase)
    earlier = draw(st.lists(st.one_of(st.just(question), texts.map(_user)), max_size=3))
    return (*earlier, *draw(st.sampled_from([(), (question,)])), _user(draw(texts)))


def _user(text: str) -> Said:
    return Said(role=MessageRole.USER, content=text)
