"""What the type of a parameter makes of bad values, in every action: derived from one good case of each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import pytest

from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.params import CreateIdentityParams
from server.services.action_handler.models.text import LIST_LIMIT, NAME_LIMIT, TEXT_LIMIT, TextRule
from server.testing.perform import perform_action
from tests.actions.cases import Case, IdentityRow, Start, World
from tests.actions.every_case import cases_that
from tests.conftest import MakeUser

A = ActionType
UNKNOWN_ID = "6a0f3c1e-58d2-4b57-9e0c-2f6d71b8a394"
MALFORMED_IDS = ["", "Night Gardener", "12345", "x" * 36, f"{UNKNOWN_ID}0", "z" * 10_000]
GONE_IS_FINE = {A.DELETE_USER_NOTE}
"""Actions that find what they want where the row is gone."""
ARCHIVED_IS_FINE = {A.ARCHIVE_IDENTITY}
"""Actions that find what they want where the identity is archived."""

IDENTITY_REASON = "None of the user's identities has the id {}."
USER_NOTE_REASON = "None of the notes about the user has the id {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter of one action."""

    action_type: ActionType
    name: str

    def __str__(self) -> str:
        return f"{self.action_type.value}.{self.name}"

    @property
    def case(self) -> Case:
        """A case in which the action is applied."""
        return cases_that(ActionStatus.SUCCEEDED, self.action_type)[0]

    def with_value(self, value: Any) -> Case:
        return replace(self.case, params=self.case.params.model_copy(update={self.name: value}))

    @property
    def reason(self) -> str:
        return USER_NOTE_REASON if "user_note_id" in self.name else IDENTITY_REASON


def _fields() -> Iterator[tuple[Field, Any, list[Any]]]:
    for action_type, params in ACTION_PARAMS.items():
        for name, info in params.model_fields.items():
            yield Field(action_type=action_type, name=name), info.annotation, info.metadata


def _rule(metadata: Any) -> TextRule | None:
    return next((item for item in metadata if isinstance(item, TextRule)), None)


TEXTS = [
    (field, rule)
    for field, annotation, metadata in _fields()
    if annotation is str and (rule := _rule(metadata))
]
IDS = [field for field, annotation, metadata in _fields() if annotation is str and not _rule(metadata)]
LISTS = [field for field, annotation, _ in _fields() if getattr(annotation, "__origin__", None) is list]
ENUMS = [
    field
    for field, annotation, _ in _fields()
    if isinstance(annotation, type) and issubclass(annotation, Enum)
]
LIVE_IDS = [
    field for field in IDS if "identity_id" in field.name and field.action_type not in ARCHIVED_IS_FINE
]
NEEDED_TEXTS = [field for field, rule in TEXTS if not rule.may_be_blank]


def assert_unchanged(
    case: Case, user: User, status: ActionStatus, kind: ErrorKind | None, reason: str
) -> None:
    world = World(user, case.start)
    before = world.snapshot()
    action = perform_action(world.with_keys(case.params), user=user, phase=case.phase)
    told = (action.status, action.error_kind, action.result_summary)
    assert told == (status, kind, reason), f"{action}: {told}\n{action.traceback}"
    assert world.changes_since(before) == {}


def assert_rejected(case: Case, user: User, kind: ErrorKind, reason: str) -> None:
    assert_unchanged(case, user, ActionStatus.REJECTED, kind, reason)


def assert_not_there(field: Field, row_id: str, user: User) -> None:
    case = field.with_value(row_id)
    if field.action_type in GONE_IS_FINE:
        assert_unchanged(case, user, ActionStatus.SKIPPED, None, "That note is gone already.")
    else:
        assert_rejected(case, user, ErrorKind.NOT_FOUND, field.reason.format(f'"{row_id}"'))


def test_every_parameter_is_an_id_a_text_a_list_or_an_enum() -> None:
    """So that none falls between the tables below."""
    sorted_out = {*IDS, *(field for field, _ in TEXTS), *LISTS, *ENUMS}
    assert {field for field, *_ in _fields()} == sorted_out
    for field in IDS:
        assert "identity_id" in field.name or "user_note_id" in field.name, (
            f"{__file__}: say here whose id {field} is, and what a wrong one is answered"
        )


@pytest.mark.parametrize("field", IDS, ids=str)
def test_an_unknown_id(field: Field, user: User) -> None:
    assert_not_there(field, UNKNOWN_ID, user)


@pytest.mark.parametrize("value", MALFORMED_IDS, ids=lambda value: value[:12])
@pytest.mark.parametrize("field", IDS, ids=str)
def test_a_malformed_id(field: Field, value: str, user: User) -> None:
    named = f'"{value}"' if len(value) < 80 else f'"{value[:79]}…"'
    assert_rejected(field.with_value(value), user, ErrorKind.NOT_FOUND, field.reason.format(named))


@pytest.mark.parametrize("field", IDS, ids=str)
def test_another_users_id(field: Field, user: User, make_user: MakeUser) -> None:
    """Answered as if there were no such row, so that nobody learns that there is one."""
    theirs = World(
        make_user(), Start(identities={"row": IdentityRow(name="Theirs")}, user_notes={"note": "Theirs."})
    )
    before = theirs.snapshot()
    foreign_id = theirs.key("$note" if "user_note_id" in field.name else "$row")
    assert_not_there(field, foreign_id, user)
    assert theirs.changes_since(before) == {}


@pytest.mark.parametrize("field", LIVE_IDS, ids=str)
def test_an_archived_target(field: Field, user: User) -> None:
    ref = getattr(field.case.params, field.name).removeprefix("$")
    identity = replace(field.case.start.identities[ref], state=IdentityState.ARCHIVED)
    start = replace(field.case.start, identities={**field.case.start.identities, ref: identity})
    reason = f'The identity "{identity.name}" is archived.'
    assert_rejected(replace(field.case, start=start), user, ErrorKind.ARCHIVED, reason)


@pytest.mark.parametrize("blank", ["", " \n\t\u2003"], ids=["empty", "spaces"])
@pytest.mark.parametrize("field", NEEDED_TEXTS, ids=str)
def test_a_blank_text(field: Field, blank: str, user: User) -> None:
    reason = f'The parameter "{field.name}" is blank.'
    assert_rejected(field.with_value(blank), user, ErrorKind.INVALID_PARAMS, reason)


@pytest.mark.parametrize(("field", "rule"), TEXTS, ids=str)
def test_a_text_that_is_too_long(field: Field, rule: TextRule, user: User) -> None:
    case = field.with_value("é" * (rule.limit + 1))
    reason = f'The parameter "{field.name}" has {rule.limit + 1:,} characters; the limit is {rule.limit:,}.'
    assert_rejected(case, user, ErrorKind.INVALID_PARAMS, reason)


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (["item"] * (LIST_LIMIT + 1), '"{}" has 101 items; the limit is 100.'),
        (["item"] * 10_000, '"{}" has 10,000 items; the limit is 100.'),
        (["item", "  "], '"{}[1]" is blank.'),
        (["x" * (NAME_LIMIT + 1), "item"], '"{}[0]" has 256 characters; the limit is 255.'),
    ],
    ids=["101 items", "10,000 items", "a blank item", "a long item"],
)
@pytest.mark.parametrize("field", LISTS, ids=str)
def test_a_list_that_breaks_its_limits(field: Field, items: list[str], fault: str, user: User) -> None:
    reason = f"The parameter {fault.format(field.name)}"
    assert_rejected(field.with_value(items), user, ErrorKind.INVALID_PARAMS, reason)


def test_the_limits_are_those_of_the_design() -> None:
    limits = {str(field): rule.limit for field, rule in TEXTS}
    assert limits["create_identity.name"] == limits["update_identity_name.name"] == NAME_LIMIT
    assert limits["add_identity_note.note"] == limits["add_user_note.note"] == TEXT_LIMIT
    assert set(limits.values()) == {NAME_LIMIT, TEXT_LIMIT} == {255, 4_000}


def test_an_action_that_the_phase_does_not_allow_is_refused(user: User) -> None:
    params = CreateIdentityParams(name="Cook", category=IdentityCategory.SPIRITUAL, note="")
    action = perform_action(params, user=user, phase=CoachingPhase.I_AM_STATEMENT)
    assert (action.status, action.error_kind) == (ActionStatus.REJECTED, ErrorKind.NOT_ALLOWED)
    assert action.result_summary == '"Create an identity" is not allowed in the phase I Am Statement.'
    assert not Identity.objects.filter(user=user).exists()
