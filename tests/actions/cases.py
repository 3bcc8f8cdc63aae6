"""A case: where a user stands, one action, and everything that it changes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.base import ActionParams
from server.testing.perform import TYPE_OF_PARAMS, perform_action

GONE = "gone"
NEW = "new"
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
STATE_FIELDS = (
    "current_phase",
    "identity_focus",
    "skipped_identity_categories",
    "who_you_are",
    "who_you_want_to_be",
    "asked_questions",
)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """An identity that is there from the start."""

    name: str
    category: IdentityCategory = IdentityCategory.PASSIONS_AND_TALENTS
    state: IdentityState = IdentityState.PROPOSED
    i_am_statement: str = ""
    visualization: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the user stands: rows by a ref of their own, the oldest first, and fields of the coach state.

    A ref goes into parameters, and into `current_identity`, as "$ref".
    """

    identities: Mapping[str, IdentityRow] = field(default_factory=dict)
    user_notes: Mapping[str, str] = field(default_factory=dict)
    coach_state: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One action and what it must come to.

    `changes` is everything that the action changes: "ref.field" (or "state.field") to the value it has then; the row
    that it makes has the ref "new", and one that it deletes is GONE. `phase` is the one that the coach was asked in, by
    default the first that allows the action.
    """

    name: str
    params: ActionParams
    summary: str
    status: ActionStatus = ActionStatus.SUCCEEDED
    kind: ErrorKind | None = None
    start: Start = Start()
    changes: Values = field(default_factory=dict)
    phase: CoachingPhase | None = None

    def __str__(self) -> str:
        return f"{self.action_type.value}: {self.name}"

    @property
    def action_type(self) -> ActionType:
        return TYPE_OF_PARAMS[type(self.params)]


def skipped(name: str, params: ActionParams, reason: str, start: Start = Start()) -> Case:
    """A case that is skipped and changes nothing."""
    return Case(name=name, params=params, summary=reason, start=start, status=ActionStatus.SKIPPED)


def rejected(
    name: str, params: ActionParams, reason: str, start: Start = Start(), kind: ErrorKind = ErrorKind.CONFLICT
) -> Case:
    """A case that is rejected and changes nothing."""
    return Case(
        name=name, params=params, summary=reason, start=start, status=ActionStatus.REJECTED, kind=kind
    )


class World:
    """A user's rows, as a case speaks of them."""

    def __init__(self, user: User, start: Start) -> None:
        self.user = user
        self.keys: dict[str, UUID] = {}
        for age, (ref, row) in enumerate(start.identities.items()):
            created_at = FIRST_DAY + timedelta(days=age)
            self.keys[ref] = Identity.objects.create(user=user, created_at=created_at, **asdict(row)).id
        for ref, note in start.user_notes.items():
            self.keys[ref] = UserNote.objects.create(user=user, note=note).id
        self._set_coach_state(dict(start.coach_state))

    def _set_coach_state(self, fields: dict[str, Any]) -> None:
        if current := fields.pop("current_identity", None):
            fields["current_identity_id"] = self.keys[current.removeprefix("$")]
        CoachState.objects.filter(user=self.user).update(**fields)

    def key(self, ref: str) -> str:
        """The id of the row that "$ref" names; any other text as it is."""
        return str(self.keys[ref.removeprefix("$")]) if ref.startswith("$") else ref

    def with_keys(self, params: ActionParams) -> ActionParams:
        """The params with every "$ref" replaced by the row's id."""
        texts = {name: value for name, value in params if isinstance(value, str) and value.startswith("$")}
        return params.model_copy(update={name: self.key(ref) for name, ref in texts.items()})

    def snapshot(self) -> dict[str, Any]:
        """Everything that an action could change, as "ref.field" to value."""
        return {**self._coach_state(), **self._identities(), **self._user_notes()}

    def changes_since(self, before: Values) -> dict[str, Any]:
        """What is otherwise than it was; of a deleted row, only that it is GONE."""
        after = self.snapshot()
        changed = {key: value for key, value in after.items() if before.get(key, GONE) != value}
        lost = {key.partition(".")[0] for key in before.keys() - after.keys()}
        return {**changed, **dict.fromkeys(lost, GONE)}

    def _ref(self, key: UUID | None) -> str | None:
        refs = {value: ref for ref, value in self.keys.items()}
        return None if key is None else refs.get(key, NEW)

    def _coach_state(self) -> dict[str, Any]:
        row = CoachState.objects.get(user=self.user)
        fields = {f"state.{name}": getattr(row, name) for name in STATE_FIELDS}
        return {**fields, "state.current_identity": self._ref(row.current_identity_id)}

    def _identities(self) -> dict[str, Any]:
        fields = IdentityRow.__dataclass_fields__
        return {
            f"{self._ref(row.id)}.{name}": getattr(row, name)
            for row in Identity.objects.filter(user=self.user)
            for name in fields
        }

    def _user_notes(self) -> dict[str, Any]:
        return {f"{self._ref(row.id)}.note": row.note for row in UserNote.objects.filter(user=self.user)}


def check(case: Case, user: User) -> Action:
    """Run the case's action and compare its outcome, and everything that it changed, with the case."""
    world = World(user, case.start)
    before = world.snapshot()
    action = perform_action(world.with_keys(case.params), user=user, phase=case.phase)
    told = (action.status, action.result_summary, action.error_kind)
    assert told == (case.status, case.summary, case.kind), f"{action}: {told}\n{action.traceback}"
    assert world.changes_since(before) == case.changes
    return action
