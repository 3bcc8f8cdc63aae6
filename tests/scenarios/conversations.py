"""Random conversations of live users: what they had before, what is said, and any actions, with ids of any row."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_queue.accept import Provenance, accept_response, accept_user_message
from server.services.prompt_manager.phases import is_allowed
from server.services.scenario_replay.inline import drained
from server.services.scenario_replay.references import OF_AN_ID
from tests.actions.test_invariants import fields
from tests.coach.strategies import STORED_TEXT

FOREIGN = str(uuid4())
GARBAGE = [
    "",
    "  ",
    "nobody",
    "$gardener",
    "$identity:Cook",
    "Cook",
    FOREIGN,
    FOREIGN.upper(),
    f" {{{FOREIGN}}} ",
]
PROSE = [
    "Tea.",
    "tea.",
    "Likes tea. ",
    "x" * 79 + " y" * 30,
    "x" * 79 + " y" * 31,
    "w " * 2_500,
    "\N{WHITE SMILING FACE} 12",
    "Cook: Tea.",
]

ROW = st.tuples(st.just("row"), st.integers(0, 9))
ID = st.one_of(*[ROW] * 8, st.tuples(st.just("text"), st.sampled_from(GARBAGE)))


def _asked(action_type: ActionType) -> st.SearchStrategy[tuple[ActionType, dict[str, Any]]]:
    params = ACTION_PARAMS[action_type]
    values = {name: ID for name in params.model_fields if OF_AN_ID.search(name)}
    values |= {
        name: st.sampled_from(PROSE) | STORED_TEXT
        for name in params.model_fields
        if name in ("note", "i_am_statement", "visualization")
    }
    return st.builds(
        lambda drawn, own: (action_type, {**drawn, **own}), fields(params), st.fixed_dictionaries(values)
    )


WORDY_TYPES = [ActionType.ADD_USER_NOTE, ActionType.UPDATE_USER_NOTE, ActionType.DELETE_USER_NOTE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the user said, if anything, and what the coach did; `asked_in` is None for a response of a program."""

    said: str | None
    answer: str | None
    asked: tuple[tuple[ActionType, dict[str, Any]], ...] = ()
    asked_in: CoachingPhase | None = None
    has_response: bool = True


SAID = STORED_TEXT | st.sampled_from(["Yes.", "I am Ada, ada@example.org, 0612 345678", " No. \n"])


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    phase = draw(st.sampled_from(CoachingPhase))
    allowed = [one for one in ActionType if is_allowed(one, phase) and one is not ActionType.TRANSITION_PHASE]
    types = st.sampled_from([*allowed * 8, *WORDY_TYPES * 2, *ActionType])
    return Exchange(
        said=draw(st.none() | SAID),
        answer=draw(st.one_of(st.none(), *[SAID] * 9)),
        asked=tuple(
            draw(st.lists(types.flatmap(_asked), min_size=1, max_size=4, unique_by=lambda one: one[0]))
        ),
        asked_in=draw(st.sampled_from([*[phase] * 8, None])),
        has_response=draw(st.sampled_from([True] * 9 + [False])),
    )


@st.composite
def conversations(draw: st.DrawFn) -> list[Exchange]:
    """At first there are identities to work with."""
    named = [
        Exchange(
            said=None,
            answer=name,
            asked=((ActionType.CREATE_IDENTITY, {"name": name, "category": draw(CATEGORY), "note": name}),),
            asked_in=CoachingPhase.IDENTITY_BRAINSTORMING,
        )
        for name in draw(
            st.lists(st.sampled_from(["Cook", "Baker", "Straße", "Runner", "cook / baker"]), unique=True)
        )
    ]
    return [*named, *draw(st.lists(exchanges(), min_size=1, max_size=15))]


CATEGORY = st.sampled_from(IdentityCategory)


IDENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Cook", "Gardener", "STRASSE", "Swimmer", "Baker"]),
            "category": CATEGORY,
            "state": st.sampled_from(IdentityState),
            "notes": st.lists(st.sampled_from(["Soup.", "Tea."]), unique=True),
            "i_am_statement": st.sampled_from(["", "I am."]),
        }
    ),
    max_size=4,
    unique_by=lambda one: one["name"],
)
NOTES = st.lists(st.sampled_from(["Likes tea", "Tea.", "x" * 100]), max_size=3)


def begin_with(user: User, identities: list[dict[str, Any]], notes: list[str], phase: CoachingPhase) -> None:
    """Rows that were there before anything was said."""
    for one in identities:
        Identity.objects.create(user=user, **one)
    for note in notes:
        UserNote.objects.create(user=user, note=note)
    CoachState.objects.get(user=user).change(current_phase=phase)


def hold(user: User, exchanges: list[Exchange]) -> None:
    """Let it happen, each response in its turn."""
    for exchange in exchanges:
        if exchange.said is not None:
            accept_user_message(user, exchange.said)
        if exchange.answer is None:
            continue
        if not exchange.has_response:
            ChatMessage.objects.create(user=user, role=MessageRole.COACH, content=exchange.answer)
            continue
        response = {
            "message": exchange.answer,
            **{
                action_type.value: {"params": _with_ids(user, params)}
                for action_type, params in exchange.asked
            },
        }
        accept_response(user, CoachChatResponse.model_validate(response), Provenance(phase=exchange.asked_in))
        list(drained(user))


known: dict[UUID, list[str]] = {}
"""The notes that each user ever had: one that is gone may still be named."""


def _with_ids(user: User, params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _id(user, name, value) if OF_AN_ID.search(name) else value for name, value in params.items()
    }


def _id(user: User, name: str, value: tuple[str, Any]) -> str:
    kind, which = value
    if kind == "text":
        return str(which)
    identities = [
        str(row) for row in Identity.objects.filter(user=user).in_order().values_list("id", flat=True)
    ]
    ever = known.setdefault(user.id, [])
    for row in UserNote.objects.filter(user=user).order_by("created_at", "id").values_list("id", flat=True):
        if str(row) not in ever:
            ever.append(str(row))
    rows, others = (ever, identities) if "user_note" in name else (identities, ever)
    rows = [*rows, *others[:1]]
    return rows[int(which) % len(rows)] if rows else FOREIGN
