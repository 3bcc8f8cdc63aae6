"""How a user stood before the first message that is stored of them: what they are now, with what was done taken back.

For who began with nothing, as everybody does whose rows came from the chat alone, that is nothing. Of a row that was
there before, what a change overwrote is not stored; it is taken from the sentence that told of the change, and where
that does not say it, something is put there that leads to the same.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.coach_states.models import ENTRY_GOALS, PHASE_GOALS
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.wording import excerpt
from server.services.scenario_replay.end_state import Row
from server.services.scenario_replay.recording import Asked, Recording

UNKNOWN_STATEMENT = "I am."

NOTING = (ActionType.ADD_USER_NOTE, ActionType.UPDATE_USER_NOTE)

BELOW = {
    ActionType.ACCEPT_IDENTITY: IdentityState.PROPOSED,
    ActionType.ACCEPT_IDENTITY_REFINEMENT: IdentityState.ACCEPTED,
    ActionType.ACCEPT_IDENTITY_COMMITMENT: IdentityState.REFINEMENT_COMPLETE,
    ActionType.ACCEPT_I_AM_STATEMENT: IdentityState.COMMITMENT_COMPLETE,
    ActionType.ACCEPT_IDENTITY_VISUALIZATION: IdentityState.I_AM_COMPLETE,
}
"""Where an identity is likely to have stood before it was raised."""


@dataclass(slots=True, kw_only=True)
class EarlierIdentity:
    """An identity as it was; `state` and `i_am_statement` are None where that is not known."""

    name: str
    category: IdentityCategory
    state: IdentityState | None
    i_am_statement: str | None
    visualization: str
    notes: list[str]


@dataclass(slots=True, kw_only=True)
class Beginning:
    """The user before; rows by the ids that they have now, oldest first, and the coach state as `start` has it."""

    coach_state: Row
    current_identity: UUID | None
    identities: dict[UUID, EarlierIdentity]
    user_notes: dict[UUID, str]


def beginning(recording: Recording) -> Beginning:
    """Take back, from the last to the first, what the actions of a recording did."""
    state = deepcopy(recording.present.coach_state)
    del state["current_identity"]
    back = _Back(
        made_identities=made_identities(recording),
        made_notes=made_notes(recording),
        notes=notes_by_excerpt(recording),
        was=Beginning(
            coach_state=state,
            current_identity=_current(recording),
            identities={
                row.id: EarlierIdentity(
                    name=row.name,
                    category=row.category,
                    state=row.state,
                    i_am_statement=row.i_am_statement,
                    visualization=row.visualization,
                    notes=list(row.notes),
                )
                for row in recording.identities
            },
            user_notes={row.id: row.note for row in recording.user_notes},
        ),
    )
    for message_id, asked in reversed(_in_order(recording)):
        back.take(message_id, asked)
    return back.was


def made_identities(recording: Recording) -> dict[UUID, UUID]:
    """The identity that each message made, by the message's id: the one that came to be while its action ran."""
    made: dict[UUID, UUID] = {}
    rows = list(recording.identities)
    for spoken in recording.spoken:
        asked = spoken.asked_to(ActionType.CREATE_IDENTITY)
        if asked is None:
            continue
        fitting = (row for row in rows if _came_from(row, asked, spoken.message.created_at))
        if found := next(fitting, None):
            made[spoken.message.id] = found.id
            rows.remove(found)
    return made


def made_notes(recording: Recording) -> dict[UUID, UUID]:
    """The note that each message made, by the message's id, of those that are still there."""
    made = {row.coach_message_id: row.id for row in recording.user_notes if row.coach_message_id is not None}
    return {
        spoken.message.id: made[spoken.message.id]
        for spoken in recording.spoken
        if spoken.message.id in made and spoken.asked_to(ActionType.ADD_USER_NOTE)
    }


def notes_by_excerpt(recording: Recording) -> dict[str, str]:
    """Notes that were asked for, by how sentences quote them: first those of which it was told that they are there."""
    found: dict[str, str] = {}
    of_notes = [asked for asked in recording.asked if asked.action_type in NOTING]
    for asked in sorted(of_notes, key=lambda one: not one.came_to(ActionStatus.SKIPPED)):
        note = str(asked.params["note"]).strip()
        found.setdefault(excerpt(note)[1:-1], note)
    return found


def _came_from(row: Any, asked: Asked, accepted_at: Any) -> bool:
    ran = asked.row
    if ran is not None and ran.started_at is not None and ran.finished_at is not None:
        return bool(ran.started_at <= row.created_at <= ran.finished_at)
    return bool(accepted_at <= row.created_at and row.name == str(asked.params["name"]).strip())


def _current(recording: Recording) -> UUID | None:
    name = recording.present.coach_state["current_identity"]
    return next((row.id for row in recording.identities if f"$identity:{row.name}" == name), None)


def _in_order(recording: Recording) -> list[tuple[UUID, Asked]]:
    """The actions whose outcome is known, as they ended: those that were tried again later, later."""
    found = [(spoken.message.id, asked) for spoken in recording.spoken for asked in spoken.asked if asked.row]
    return sorted(found, key=lambda one: _ended(one[1].row))


def _ended(row: Action | None) -> Any:
    return row.finished_at if row else None


Take = Callable[["_Back", Asked], None]


@dataclass(slots=True, kw_only=True)
class _Back:
    """The user at a moment, going back in time."""

    was: Beginning
    made_identities: Mapping[UUID, UUID]
    made_notes: Mapping[UUID, UUID]
    notes: Mapping[str, str]
    message_id: UUID | None = field(default=None)

    def take(self, message_id: UUID, asked: Asked) -> None:
        self.message_id = message_id
        if asked.came_to(ActionStatus.SUCCEEDED) and (take := DONE.get(asked.action_type)):
            take(self, asked)
        elif asked.came_to(ActionStatus.SKIPPED) and (learn := SKIPPED.get(asked.action_type)):
            learn(self, asked)

    def identity(self, asked: Asked, param: str = "identity_id") -> EarlierIdentity | None:
        row_id = uuid_of(asked.params[param])
        return self.was.identities.get(row_id) if row_id else None

    # What succeeded is taken back

    def create_identity(self, _: Asked) -> None:
        made = self.made_identities.get(self.message_id) if self.message_id else None
        if made:
            self.was.identities.pop(made, None)
        if made == self.was.current_identity:
            self.was.current_identity = None

    def update_identity_name(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            new = str(asked.params["name"]).strip()
            identity.name = (
                _between('Renamed the identity "', asked.sentence, f'" to "{new}".') or identity.name
            )

    def update_i_am_statement(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            identity.i_am_statement = None

    def update_identity_visualization(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            identity.visualization = ""

    def add_identity_note(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            _take_off(identity.notes, {str(asked.params["note"]).strip()})

    def raised(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            identity.state = BELOW[asked.action_type]
            if asked.action_type is ActionType.ACCEPT_I_AM_STATEMENT and identity.i_am_statement is None:
                identity.i_am_statement = UNKNOWN_STATEMENT
        if asked.action_type is not ActionType.ACCEPT_IDENTITY:
            self.was.current_identity = None

    def archive_identity(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            self._live_again(identity, asked, "identity_id")

    def nest_identity(self, asked: Asked) -> None:
        nested, parent = self.identity(asked), self.identity(asked, "parent_identity_id")
        if nested and parent:
            _take_off(parent.notes, {f"Nested: {nested.name}", *_for_another(nested)})
            self._live_again(nested, asked, "identity_id")

    def combine_identities(self, asked: Asked) -> None:
        first, second = self.identity(asked, "identity_id_a"), self.identity(asked, "identity_id_b")
        if not first or not second:
            return
        passion = IdentityCategory.PASSIONS_AND_TALENTS
        if first.category == passion and second.category != passion:
            kept, other, name = second, first, second.name.removeprefix(f"{first.name} / ")
            which = "identity_id_a"
        else:
            kept, other, name = first, second, first.name.removesuffix(f" / {second.name}")
            which = "identity_id_b"
        kept.name = name
        _take_off(kept.notes, set(_for_another(other)))
        self._live_again(other, asked, which)

    def transition_phase(self, asked: Asked) -> None:
        for phase in CoachingPhase:
            if asked.sentence.startswith(f"Moved from the phase {phase.label} to "):
                self.was.coach_state["current_phase"] = phase.value
        if CoachingPhase(asked.params["to_phase"]) in ENTRY_GOALS:
            self.was.current_identity = None

    def skip_identity_category(self, asked: Asked) -> None:
        skipped = self.was.coach_state["skipped_identity_categories"]
        self.was.coach_state["skipped_identity_categories"] = [
            one for one in skipped if one != asked.params["category"]
        ]

    def unskip_identity_category(self, asked: Asked) -> None:
        self.was.coach_state["skipped_identity_categories"].append(asked.params["category"])

    def select_identity_focus(self, _: Asked) -> None:
        self.was.coach_state.pop("identity_focus", None)

    def update_who_you_are(self, _: Asked) -> None:
        self.was.coach_state["who_you_are"] = []

    def update_who_you_want_to_be(self, _: Asked) -> None:
        self.was.coach_state["who_you_want_to_be"] = []

    def update_asked_questions(self, asked: Asked) -> None:
        questions = self.was.coach_state["asked_questions"]
        self.was.coach_state["asked_questions"] = [
            one for one in questions if one != asked.params["asked_question"]
        ]

    def set_current_identity(self, _: Asked) -> None:
        self.was.current_identity = None

    def add_user_note(self, _: Asked) -> None:
        made = self.made_notes.get(self.message_id) if self.message_id else None
        if made:
            self.was.user_notes.pop(made, None)

    def update_user_note(self, asked: Asked) -> None:
        row_id, before = uuid_of(asked.params["user_note_id"]), note_before(asked)
        if row_id in self.was.user_notes and before is not None:
            self.was.user_notes[row_id] = self.notes.get(before, before)

    def _live_again(self, identity: EarlierIdentity, asked: Asked, param: str) -> None:
        """It may have been the current one: then the next came up, or none."""
        if self.was.current_identity in (None, self._next()):
            self.was.current_identity = uuid_of(asked.params[param])
        identity.state = None

    def _next(self) -> UUID | None:
        goal = PHASE_GOALS.get(CoachingPhase(self.was.coach_state["current_phase"]))
        below = goal.states_below() if goal else ()
        return next((row_id for row_id, row in self.was.identities.items() if row.state in below), None)

    # What was skipped tells how it was

    def was_at(self, asked: Asked) -> None:
        identity = self.identity(asked)
        for state in IdentityState:
            if identity and asked.sentence.endswith(f" is at {state.label} already."):
                identity.state = state

    def had_statement(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            identity.i_am_statement = str(asked.params["i_am_statement"]).strip()

    def had_visualization(self, asked: Asked) -> None:
        if identity := self.identity(asked):
            identity.visualization = str(asked.params["visualization"]).strip()

    def had_focus(self, asked: Asked) -> None:
        self.was.coach_state["identity_focus"] = asked.params["category"]

    def had_current(self, asked: Asked) -> None:
        self.was.current_identity = uuid_of(asked.params["identity_id"])

    def had_list(self, asked: Asked) -> None:
        for name, items in asked.params.items():
            self.was.coach_state[name] = list(dict.fromkeys(item.strip() for item in items))


DONE: Mapping[ActionType, Take] = {
    ActionType.CREATE_IDENTITY: _Back.create_identity,
    ActionType.UPDATE_IDENTITY_NAME: _Back.update_identity_name,
    ActionType.UPDATE_I_AM_STATEMENT: _Back.update_i_am_statement,
    ActionType.UPDATE_IDENTITY_VISUALIZATION: _Back.update_identity_visualization,
    ActionType.ADD_IDENTITY_NOTE: _Back.add_identity_note,
    **dict.fromkeys(BELOW, _Back.raised),
    ActionType.ARCHIVE_IDENTITY: _Back.archive_identity,
    ActionType.NEST_IDENTITY: _Back.nest_identity,
    ActionType.COMBINE_IDENTITIES: _Back.combine_identities,
    ActionType.TRANSITION_PHASE: _Back.transition_phase,
    ActionType.SELECT_IDENTITY_FOCUS: _Back.select_identity_focus,
    ActionType.SKIP_IDENTITY_CATEGORY: _Back.skip_identity_category,
    ActionType.UNSKIP_IDENTITY_CATEGORY: _Back.unskip_identity_category,
    ActionType.UPDATE_WHO_YOU_ARE: _Back.update_who_you_are,
    ActionType.UPDATE_WHO_YOU_WANT_TO_BE: _Back.update_who_you_want_to_be,
    ActionType.UPDATE_ASKED_QUESTIONS: _Back.update_asked_questions,
    ActionType.SET_CURRENT_IDENTITY: _Back.set_current_identity,
    ActionType.ADD_USER_NOTE: _Back.add_user_note,
    ActionType.UPDATE_USER_NOTE: _Back.update_user_note,
}

SKIPPED: Mapping[ActionType, Take] = {
    **dict.fromkeys(BELOW, _Back.was_at),
    ActionType.UPDATE_I_AM_STATEMENT: _Back.had_statement,
    ActionType.UPDATE_IDENTITY_VISUALIZATION: _Back.had_visualization,
    ActionType.SELECT_IDENTITY_FOCUS: _Back.had_focus,
    ActionType.SET_CURRENT_IDENTITY: _Back.had_current,
    ActionType.UPDATE_WHO_YOU_ARE: _Back.had_list,
    ActionType.UPDATE_WHO_YOU_WANT_TO_BE: _Back.had_list,
}


def uuid_of(text: Any) -> UUID | None:
    """The id that a parameter is, as a handler takes it; None where it is none."""
    try:
        return UUID(str(text).strip())
    except ValueError:
        return None


def note_before(asked: Asked) -> str | None:
    """How a note read before an action that found it, as far as its sentence tells: on one line, cut after 80."""
    for prefix, rest in (
        ("Deleted the note ", "."),
        ("Changed the note ", " to "),
        ("The note ", " reads so already."),
    ):
        if asked.sentence.startswith(f'{prefix}"'):
            told = asked.sentence.removeprefix(prefix)
            end = _end_of_first(asked, told) if rest == " to " else told.removesuffix(rest)
            return end[1:-1]
    return None


def _end_of_first(asked: Asked, told: str) -> str:
    return told.removesuffix(f" to {excerpt(str(asked.params['note']).strip())}.")


def _between(prefix: str, sentence: str, suffix: str) -> str | None:
    if not (sentence.startswith(prefix) and sentence.endswith(suffix)):
        return None
    return sentence.removeprefix(prefix).removesuffix(suffix)


def _take_off(notes: list[str], those: set[str]) -> None:
    """Remove from the end, where they were appended."""
    while notes and notes[-1] in those:
        those.discard(notes.pop())


def _for_another(identity: EarlierIdentity) -> list[str]:
    return [f"{identity.name}: {note}" for note in identity.notes]
