"""Making an identity, naming it, and writing things down about it."""

import pytest

from server.apps.users.models import User
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.params import (
    AddIdentityNoteParams,
    CreateIdentityParams,
    UpdateIAmStatementParams,
    UpdateIdentityNameParams,
    UpdateIdentityVisualizationParams,
)
from tests.actions.cases import Case, IdentityRow, Start, check, rejected, skipped
from tests.conftest import MakeUser

GARDENER = IdentityRow(
    name="Night Gardener", i_am_statement="I am the night.", visualization="Dew.", notes=["Loves moss."]
)
ONE = Start(identities={"gardener": GARDENER})
TWO = Start(identities={"gardener": GARDENER, "cook": IdentityRow(name="Cook")})
ARCHIVED_COOK = IdentityRow(name="Cook", state=IdentityState.ARCHIVED)
ONE_AND_ARCHIVED = Start(identities={"gardener": GARDENER, "cook": ARCHIVED_COOK})


def create(name: str = "Night Gardener", note: str = "") -> CreateIdentityParams:
    return CreateIdentityParams(name=name, category=IdentityCategory.KEEPER_OF_MONEY, note=note)


def created(name: str, notes: list[str]) -> dict[str, object]:
    return {
        "new.name": name,
        "new.category": IdentityCategory.KEEPER_OF_MONEY,
        "new.state": IdentityState.PROPOSED,
        "new.i_am_statement": "",
        "new.visualization": "",
        "new.notes": notes,
    }


def rename(name: str) -> UpdateIdentityNameParams:
    return UpdateIdentityNameParams(identity_id="$gardener", name=name)


CASES = [
    Case(
        name="is proposed, with its note",
        params=create(note="Waters at dusk."),
        summary='Created the identity "Night Gardener" in Keeper of Money.',
        changes=created("Night Gardener", ["Waters at dusk."]),
    ),
    Case(
        name="a blank note is no note",
        params=create(note="  "),
        summary='Created the identity "Night Gardener" in Keeper of Money.',
        changes=created("Night Gardener", []),
    ),
    Case(
        name="texts are trimmed",
        params=create("\n Cook ", note=" Eats. "),
        start=ONE,
        summary='Created the identity "Cook" in Keeper of Money.',
        changes=created("Cook", ["Eats."]),
    ),
    Case(
        name="a name of 255 characters",
        params=create("n" * 255),
        summary=f'Created the identity "{"n" * 255}" in Keeper of Money.',
        changes=created("n" * 255, []),
    ),
    skipped("the name exists", create(), 'The identity "Night Gardener" exists already.', ONE),
    skipped(
        "in another case", create(" night GARDENER"), 'The identity "Night Gardener" exists already.', ONE
    ),
    skipped("archived", create("COOK"), 'The identity "Cook" exists already, archived.', ONE_AND_ARCHIVED),
    skipped(
        "beyond ASCII",
        create("STRASSE"),
        'The identity "Straße" exists already.',
        Start(identities={"street": IdentityRow(name="Straße")}),
    ),
    Case(
        name="another name",
        params=rename(" Moon Gardener"),
        start=ONE,
        summary='Renamed the identity "Night Gardener" to "Moon Gardener".',
        changes={"gardener.name": "Moon Gardener"},
    ),
    Case(
        name="its own name in another case",
        params=rename("night gardener"),
        start=ONE,
        summary='Renamed the identity "Night Gardener" to "night gardener".',
        changes={"gardener.name": "night gardener"},
    ),
    skipped(
        "the same name", rename("Night Gardener "), 'The identity is named "Night Gardener" already.', ONE
    ),
    rejected("another's name", rename("COOK"), 'Another identity is named "COOK" already.', TWO),
    rejected(
        "an archived one's", rename("Cook"), 'Another identity is named "Cook" already.', ONE_AND_ARCHIVED
    ),
    Case(
        name="is written down",
        params=UpdateIAmStatementParams(identity_id="$gardener", i_am_statement=" I am the moon.\n"),
        start=ONE,
        summary='Wrote down the "I am" statement of "Night Gardener".',
        changes={"gardener.i_am_statement": "I am the moon."},
    ),
    skipped(
        "the same text",
        UpdateIAmStatementParams(identity_id="$gardener", i_am_statement="I am the night. "),
        'The "I am" statement of "Night Gardener" reads so already.',
        ONE,
    ),
    Case(
        name="is written down",
        params=UpdateIdentityVisualizationParams(identity_id="$gardener", visualization="A bench. "),
        start=ONE,
        summary='Wrote down the visualization of "Night Gardener".',
        changes={"gardener.visualization": "A bench."},
    ),
    skipped(
        "the same text",
        UpdateIdentityVisualizationParams(identity_id="$gardener", visualization="Dew."),
        'The visualization of "Night Gardener" reads so already.',
        ONE,
    ),
    Case(
        name="is appended",
        params=AddIdentityNoteParams(identity_id="$gardener", note="loves moss."),
        start=ONE,
        summary='Added a note to the identity "Night Gardener".',
        changes={"gardener.notes": ["Loves moss.", "loves moss."]},
    ),
    Case(
        name="a note of 4,000 characters",
        params=AddIdentityNoteParams(identity_id="$gardener", note="é" * 4_000),
        start=ONE,
        summary='Added a note to the identity "Night Gardener".',
        changes={"gardener.notes": ["Loves moss.", "é" * 4_000]},
    ),
    skipped(
        "the exact note is there",
        AddIdentityNoteParams(identity_id="$gardener", note=" Loves moss."),
        'The identity "Night Gardener" has this note already.',
        ONE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_identities(case: Case, user: User) -> None:
    check(case, user)


def test_two_users_may_have_identities_of_one_name(user: User, make_user: MakeUser) -> None:
    for someone in (user, make_user()):
        check(CASES[0], someone)
