"""Random programs: where a user begins, and what a coach then does to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.actions import ACTION_PARAMS
from tests.chaos.model import (
    ACTIONS,
    ARCHIVED,
    IN_EVERY_PHASE,
    IN_PHASE,
    LADDER,
    Identity,
    Note,
    Params,
    State,
)

T = TypeVar("T")

PHASES = [phase.value for phase in CoachingPhase]
CATEGORIES = [category.value for category in IdentityCategory]
QUESTIONS = [question.value for question in GetToKnowYouQuestion]
UNKNOWN = str(UUID(int=7))
MALFORMED = ["nobody", "", "$gardener", UNKNOWN + "0"]
ODD_LISTS: list[list[str]] = [[], ["Father", ""], ["x" * 256], ["Cook"] * 101, ["Cook", " Cook "]]
IDENTITY_IDS = ("identity_id", "identity_id_a", "identity_id_b", "parent_identity_id")
BLANK = ["", "  ", "\n\t"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the coach answers: params by action type. `phase` is the one it was asked in, None for a program's."""

    actions: dict[str, Params]
    phase: str | None = None

    def wire(self) -> dict[str, Any]:
        """As a program posts it."""
        return {"message": "…"} | {name: {"params": dict(params)} for name, params in self.actions.items()}


@dataclass(slots=True, kw_only=True)
class Author:
    """Writes one user's program as it goes along: what it writes next mostly makes sense where the user stands.

    `foreign` are ids of another user's rows.
    """

    random: Random
    foreign: Sequence[str] = ()
    _written: int = field(default=0, init=False)

    def start(self) -> State:
        """Where the user begins: with what an earlier coaching may have left."""
        state = State(current_phase=self._of(PHASES), identity_focus=self._of(CATEGORIES))
        state.identities = [self._identity() for _ in range(self._number(0, 5))]
        state.notes = [Note(text=self._new_text()) for _ in range(self._number(0, 2))]
        live = [place for place, one in enumerate(state.identities) if one.state != ARCHIVED]
        if live and self._now_and_then(0.5):
            state.current_identity = self._of(live)
        return state

    def response(self, state: State) -> Response:
        """The next response, with one to four actions."""
        phase = None
        if self._now_and_then(0.25):
            phase = state.current_phase if self._now_and_then(0.8) else self._of(PHASES)
        names = {self._action_type(phase or state.current_phase) for _ in range(self._number(1, 4))}
        # The model runs them in the order of the table, whatever the order here.
        return Response(
            actions={name: self._params(name, state) for name in sorted(names, reverse=self._coin())},
            phase=phase,
        )

    def _action_type(self, phase: str) -> str:
        if self._now_and_then(0.15):
            return self._of(list(ACTIONS))
        if self._now_and_then(0.3) or not IN_PHASE[phase]:
            return self._of(sorted(IN_EVERY_PHASE))
        return self._of(sorted(IN_PHASE[phase]))

    def _params(self, action_type: str, state: State) -> Params:
        values = self._values(state)
        return {name: values[name]() for name in ACTION_PARAMS[ActionType(action_type)].model_fields}

    def _values(self, state: State) -> dict[str, Callable[[], str | list[str]]]:
        """How the value of a parameter is found, by its name."""
        identities = [one.id for one in state.identities if one.id]
        notes = [note for one in state.identities for note in one.notes] + [one.text for one in state.notes]
        return {
            **dict.fromkeys(IDENTITY_IDS, lambda: self._id(identities)),
            "user_note_id": lambda: self._id([note.id for note in state.notes if note.id]),
            "name": lambda: self._name(state),
            "note": lambda: self._text(notes),
            "i_am_statement": lambda: self._text([one.i_am_statement for one in state.identities]),
            "visualization": lambda: self._text([one.visualization for one in state.identities]),
            "category": lambda: self._category(state),
            "to_phase": lambda: self._of(PHASES),
            "asked_question": lambda: self._of(QUESTIONS),
            "who_you_are": lambda: self._list(state.who_you_are),
            "who_you_want_to_be": lambda: self._list(state.who_you_want_to_be),
        }

    def _identity(self) -> Identity:
        state = self._of([*LADDER[:3], *LADDER, ARCHIVED])
        notes = [self._new_text() for _ in range(self._number(0, 2))]
        statement = self._new_text() if self._coin() else ""
        return Identity(
            name=self._new_name(),
            category=self._of(CATEGORIES[:3]),
            state=state,
            i_am_statement=statement,
            notes=notes,
        )

    def _id(self, own: Sequence[str]) -> str:
        """One of the user's, as a rule, and not always written alike."""
        if own and not self._now_and_then(0.1):
            row_id = self._of(own)
            return self._of([row_id, row_id.upper(), f" {row_id} "]) if self._now_and_then(0.1) else row_id
        return self._of([UNKNOWN, *MALFORMED, *self.foreign])

    def _name(self, state: State) -> str:
        known = [one.name for one in state.identities]
        if known and self._now_and_then(0.2):
            return self._changed_in_case(self._of(known))
        if self._now_and_then(0.1):
            return self._of([*BLANK, "n" * 255, "n" * 256, "n" * 130])
        return self._new_name()

    def _text(self, known: Sequence[str]) -> str:
        if known and self._now_and_then(0.2):
            return self._of([*known])
        if self._now_and_then(0.08):
            return self._of([*BLANK, "t" * 4_000, "t" * 4_001])
        return self._new_text()

    def _category(self, state: State) -> str:
        skipped = state.skipped_identity_categories
        return self._of(skipped if skipped and self._coin() else CATEGORIES)

    def _list(self, known: Sequence[str]) -> list[str]:
        if self._now_and_then(0.1):
            return self._of(ODD_LISTS)
        kept = list(known[: self._number(0, len(known))])
        return kept + [self._new_name() for _ in range(self._number(0, 2))]

    def _changed_in_case(self, name: str) -> str:
        return self._of([name, name.upper(), f"  {name.lower()} "])

    def _new_name(self) -> str:
        return f"{self._of(['Cook', 'Straße', 'Gardener 🌙'])} {self._next_number()}"

    def _new_text(self) -> str:
        return f"{self._of(['She said', 'I am', 'Élan'])} {self._next_number()}"

    def _next_number(self) -> int:
        self._written += 1
        return self._written

    def _of(self, options: Sequence[T]) -> T:
        return options[self._number(0, len(options) - 1)]

    def _number(self, lowest: int, highest: int) -> int:
        return self.random.randint(lowest, highest)

    def _coin(self) -> bool:
        return self._now_and_then(0.5)

    def _now_and_then(self, share: float) -> bool:
        return self.random.randint(1, 100) > 100 - round(share * 100)
