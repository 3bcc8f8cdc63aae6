"""What a user's actions must come to: the table of actions, said a second time.

Plain data and functions, one action after the other. Nothing here knows the handlers, the database or the queue, so
what the system does under faults can be held against it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Params = Mapping[str, Any]

LADDER = (
    "proposed",
    "accepted",
    "refinement_complete",
    "commitment_complete",
    "i_am_complete",
    "visualization_complete",
)
ARCHIVED = "archived"
PASSIONS = "passions_and_talents"

GOALS = {
    "identity_refinement": "refinement_complete",
    "anything_missing": "refinement_complete",
    "identity_commitment": "commitment_complete",
    "i_am_statement": "i_am_complete",
    "identity_visualization": "visualization_complete",
}
"""Up to which state a phase looks for its next identity."""

TURNS_TO_THE_FIRST_ON_ENTRY = {
    "identity_refinement",
    "identity_commitment",
    "i_am_statement",
    "identity_visualization",
}

IN_EVERY_PHASE = {"transition_phase", "add_user_note", "update_user_note", "delete_user_note"}
IN_PHASE: Mapping[str, set[str]] = {
    "introduction": set(),
    "get_to_know_you": {"update_asked_questions"},
    "identity_warm_up": {"update_who_you_are", "update_who_you_want_to_be"},
    "identity_brainstorming": {
        "create_identity",
        "update_identity_name",
        "add_identity_note",
        "accept_identity",
        "archive_identity",
        "select_identity_focus",
        "skip_identity_category",
        "unskip_identity_category",
    },
    "brainstorming_review": {
        "accept_identity",
        "archive_identity",
        "nest_identity",
        "combine_identities",
        "select_identity_focus",
        "update_identity_name",
        "add_identity_note",
    },
    "identity_refinement": {
        "update_identity_name",
        "add_identity_note",
        "accept_identity_refinement",
        "archive_identity",
        "set_current_identity",
    },
    "anything_missing": {
        "create_identity",
        "update_identity_name",
        "add_identity_note",
        "accept_identity_refinement",
        "set_current_identity",
    },
    "identity_commitment": {
        "accept_identity_commitment",
        "nest_identity",
        "archive_identity",
        "set_current_identity",
    },
    "i_am_statement": {
        "update_i_am_statement",
        "accept_i_am_statement",
        "add_identity_note",
        "set_current_identity",
    },
    "identity_visualization": {
        "update_identity_visualization",
        "accept_identity_visualization",
        "add_identity_note",
        "set_current_identity",
    },
}

LONGEST_LIST = 100
LONGEST_TEXT = {
    "name": 255,
    "who_you_are": 255,
    "who_you_want_to_be": 255,
    "note": 4_000,
    "i_am_statement": 4_000,
    "visualization": 4_000,
}
MAY_BE_BLANK = {("create_identity", "note")}


@dataclass(slots=True, kw_only=True)
class Identity:
    """`id` is None until somebody outside can know it; it is no part of what is compared."""

    name: str
    category: str
    state: str = "proposed"
    i_am_statement: str = ""
    visualization: str = ""
    notes: list[str] = field(default_factory=list)
    id: str | None = field(default=None, compare=False)


@dataclass(slots=True, kw_only=True)
class Note:
    """`id` as that of an identity."""

    text: str
    id: str | None = field(default=None, compare=False)


@dataclass(slots=True, kw_only=True)
class State:
    """One user. Identities and notes stand in the order in which they were made.

    `current_identity` is a place among the identities, which never leave.
    """

    current_phase: str = "introduction"
    identity_focus: str = PASSIONS
    current_identity: int | None = None
    skipped_identity_categories: list[str] = field(default_factory=list)
    who_you_are: list[str] = field(default_factory=list)
    who_you_want_to_be: list[str] = field(default_factory=list)
    asked_questions: list[str] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Refused(Exception):
    """The action can never succeed."""


Apply = Callable[[State, Params], bool]


def apply(state: State, action_type: str, params: Params, phase: str) -> str:
    """Change the state as one action does that was emitted in `phase`; the answer is the action's status."""
    if not allowed(action_type, phase):
        return "rejected"
    try:
        changed = ACTIONS[action_type](state, trimmed(action_type, params))
    except Refused:
        return "rejected"
    return "succeeded" if changed else "skipped"


def apply_response(state: State, actions: Mapping[str, Params], phase: str | None) -> list[tuple[str, str]]:
    """The actions of one response, in the order of the table: each one's type and status.

    Without a phase, the one counts that the user is in when the first of them comes up.
    """
    phase = phase or state.current_phase
    return [(name, apply(state, name, actions[name], phase)) for name in ACTIONS if name in actions]


def allowed(action_type: str, phase: str) -> bool:
    return action_type in IN_EVERY_PHASE | IN_PHASE[phase]


def trimmed(action_type: str, params: Params) -> Params:
    return {name: _trimmed(action_type, name, value) for name, value in params.items()}


def _trimmed(action_type: str, name: str, value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        if len(value) > LONGEST_LIST:
            raise Refused
        return [_trimmed_text(action_type, name, item) for item in value]
    return _trimmed_text(action_type, name, value)


def _trimmed_text(action_type: str, name: str, text: str) -> str:
    text = text.strip()
    limit = LONGEST_TEXT.get(name)
    if limit is None:  # an id, or one of an enum
        return text
    if len(text) > limit or (not text and (action_type, name) not in MAY_BE_BLANK):
        raise Refused
    return text


def _place(state: State, identity_id: str) -> int:
    wanted = _well_formed(identity_id)
    for place, identity in enumerate(state.identities):
        if identity.id == wanted:
            return place
    raise Refused


def _live(state: State, identity_id: str) -> Identity:
    identity = state.identities[_place(state, identity_id)]
    if identity.state == ARCHIVED:
        raise Refused
    return identity


def _well_formed(row_id: str) -> str:
    try:
        return str(UUID(row_id))
    except ValueError as error:
        raise Refused from error


def _two_live(state: State, first_id: str, second_id: str) -> tuple[Identity, Identity]:
    first, second = _live(state, first_id), _live(state, second_id)
    if first is second:
        raise Refused
    return first, second


def _note(state: State, note_id: str) -> Note | None:
    wanted = _well_formed(note_id)
    return next((note for note in state.notes if note.id == wanted), None)


def _namesake(state: State, name: str, *, of: Identity | None = None) -> Identity | None:
    """Another identity than `of` with that name, without regard to case, archived ones too."""
    others = (identity for identity in state.identities if identity is not of)
    return next((other for other in others if other.name.casefold() == name.casefold()), None)


def _is_below(identity: Identity, goal: str) -> bool:
    return identity.state in LADDER[: LADDER.index(goal)]


def _next(state: State, goal: str | None) -> int | None:
    """NEXT(S): the place of the oldest live identity below `goal`."""
    if goal is None:
        return None
    return next((place for place, one in enumerate(state.identities) if _is_below(one, goal)), None)


def _append_new(items: list[str], more: Sequence[str]) -> None:
    for item in more:
        if item not in items:
            items.append(item)


def _archive(state: State, identity: Identity) -> None:
    identity.state = ARCHIVED
    place = next(place for place, one in enumerate(state.identities) if one is identity)
    if state.current_identity == place:
        state.current_identity = _next(state, GOALS.get(state.current_phase))


def create_identity(state: State, params: Params) -> bool:
    if _namesake(state, params["name"]):
        return False
    notes = [params["note"]] if params["note"] else []
    state.identities.append(Identity(name=params["name"], category=params["category"], notes=notes))
    return True


def update_identity_name(state: State, params: Params) -> bool:
    identity = _live(state, params["identity_id"])
    if identity.name == params["name"]:
        return False
    if _namesake(state, params["name"], of=identity):
        raise Refused
    identity.name = params["name"]
    return True


def update_i_am_statement(state: State, params: Params) -> bool:
    identity = _live(state, params["identity_id"])
    before, identity.i_am_statement = identity.i_am_statement, params["i_am_statement"]
    return before != identity.i_am_statement


def update_identity_visualization(state: State, params: Params) -> bool:
    identity = _live(state, params["identity_id"])
    before, identity.visualization = identity.visualization, params["visualization"]
    return before != identity.visualization


def add_identity_note(state: State, params: Params) -> bool:
    identity = _live(state, params["identity_id"])
    if params["note"] in identity.notes:
        return False
    identity.notes.append(params["note"])
    return True


def raising_to(goal: str, *, goes_on: bool = True, needs_statement: bool = False) -> Apply:
    def raise_identity(state: State, params: Params) -> bool:
        identity = _live(state, params["identity_id"])
        if not _is_below(identity, goal):
            return False
        if needs_statement and not identity.i_am_statement:
            raise Refused
        identity.state = goal
        if goes_on:
            state.current_identity = _next(state, goal)
        return True

    return raise_identity


def archive_identity(state: State, params: Params) -> bool:
    identity = state.identities[_place(state, params["identity_id"])]
    if identity.state == ARCHIVED:
        return False
    _archive(state, identity)
    return True


def nest_identity(state: State, params: Params) -> bool:
    nested, parent = _two_live(state, params["identity_id"], params["parent_identity_id"])
    _append_new(parent.notes, [f"Nested: {nested.name}", *(f"{nested.name}: {one}" for one in nested.notes)])
    _archive(state, nested)
    return True


def combine_identities(state: State, params: Params) -> bool:
    first, second = _two_live(state, params["identity_id_a"], params["identity_id_b"])
    is_particular = first.category == PASSIONS and second.category != PASSIONS
    kept, other = (second, first) if is_particular else (first, second)
    name = f"{first.name} / {second.name}"
    if len(name) > LONGEST_TEXT["name"] or _namesake(state, name, of=kept):
        raise Refused
    kept.name = name
    _append_new(kept.notes, [f"{other.name}: {one}" for one in other.notes])
    _archive(state, other)
    return True


def transition_phase(state: State, params: Params) -> bool:
    phase = params["to_phase"]
    if state.current_phase == phase:
        return False
    state.current_phase = phase
    if phase == "identity_refinement":
        for identity in state.identities:
            identity.state = "accepted" if identity.state == "proposed" else identity.state
    if phase in TURNS_TO_THE_FIRST_ON_ENTRY:
        state.current_identity = _next(state, GOALS[phase])
    return True


def select_identity_focus(state: State, params: Params) -> bool:
    before, state.identity_focus = state.identity_focus, params["category"]
    return before != state.identity_focus


def skip_identity_category(state: State, params: Params) -> bool:
    if params["category"] in state.skipped_identity_categories:
        return False
    state.skipped_identity_categories.append(params["category"])
    return True


def unskip_identity_category(state: State, params: Params) -> bool:
    if params["category"] not in state.skipped_identity_categories:
        return False
    state.skipped_identity_categories.remove(params["category"])
    return True


def update_who_you_are(state: State, params: Params) -> bool:
    before, state.who_you_are = state.who_you_are, list(dict.fromkeys(params["who_you_are"]))
    return before != state.who_you_are


def update_who_you_want_to_be(state: State, params: Params) -> bool:
    before = state.who_you_want_to_be
    state.who_you_want_to_be = list(dict.fromkeys(params["who_you_want_to_be"]))
    return before != state.who_you_want_to_be


def update_asked_questions(state: State, params: Params) -> bool:
    if params["asked_question"] in state.asked_questions:
        return False
    state.asked_questions.append(params["asked_question"])
    return True


def set_current_identity(state: State, params: Params) -> bool:
    _live(state, params["identity_id"])
    before, state.current_identity = state.current_identity, _place(state, params["identity_id"])
    return before != state.current_identity


def add_user_note(state: State, params: Params) -> bool:
    if any(note.text == params["note"] for note in state.notes):
        return False
    state.notes.append(Note(text=params["note"]))
    return True


def update_user_note(state: State, params: Params) -> bool:
    note = _note(state, params["user_note_id"])
    if note is None:
        raise Refused
    before, note.text = note.text, params["note"]
    return before != note.text


def delete_user_note(state: State, params: Params) -> bool:
    note = _note(state, params["user_note_id"])
    if note is None:
        return False
    state.notes = [other for other in state.notes if other is not note]
    return True


ACTIONS: Mapping[str, Apply] = {
    "create_identity": create_identity,
    "update_identity_name": update_identity_name,
    "update_i_am_statement": update_i_am_statement,
    "update_identity_visualization": update_identity_visualization,
    "add_identity_note": add_identity_note,
    "accept_identity": raising_to("accepted", goes_on=False),
    "accept_identity_refinement": raising_to("refinement_complete"),
    "accept_identity_commitment": raising_to("commitment_complete"),
    "accept_i_am_statement": raising_to("i_am_complete", needs_statement=True),
    "accept_identity_visualization": raising_to("visualization_complete"),
    "archive_identity": archive_identity,
    "nest_identity": nest_identity,
    "combine_identities": combine_identities,
    "transition_phase": transition_phase,
    "select_identity_focus": select_identity_focus,
    "skip_identity_category": skip_identity_category,
    "unskip_identity_category": unskip_identity_category,
    "update_who_you_are": update_who_you_are,
    "update_who_you_want_to_be": update_who_you_want_to_be,
    "update_asked_questions": update_asked_questions,
    "set_current_identity": set_current_identity,
    "add_user_note": add_user_note,
    "update_user_note": update_user_note,
    "delete_user_note": delete_user_note,
}
"""Every action, in the order in which those of one response run."""
