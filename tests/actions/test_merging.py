"""Putting identities away: archived, nested in another, combined with another."""

import pytest

from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.params import (
    ArchiveIdentityParams,
    CombineIdentitiesParams,
    NestIdentityParams,
)
from server.testing.perform import perform_action
from tests.actions.cases import Case, IdentityRow, Start, World, check, rejected, skipped

PASSION = IdentityCategory.PASSIONS_AND_TALENTS
MAKER = IdentityCategory.MAKER_OF_MONEY
KEEPER = IdentityCategory.KEEPER_OF_MONEY
ARCHIVED = IdentityState.ARCHIVED


def pair(
    category: IdentityCategory = PASSION,
    other: IdentityCategory = PASSION,
    *,
    names: tuple[str, str] = ("Cook", "Baker"),
    notes: tuple[list[str], list[str]] = ([], []),
    third: str = "Gardener",
    current: str | None = None,
) -> Start:
    """Two identities "a" and "b", and an archived third one."""
    return Start(
        identities={
            "a": IdentityRow(name=names[0], category=category, notes=notes[0]),
            "b": IdentityRow(name=names[1], category=other, notes=notes[1]),
            "c": IdentityRow(name=third, state=ARCHIVED),
        },
        coach_state={"current_identity": current, "current_phase": CoachingPhase.IDENTITY_COMMITMENT},
    )


NEST = NestIdentityParams(identity_id="$a", parent_identity_id="$b")
NESTED = 'Nested the identity "Cook" in "Baker".'
COMBINE = CombineIdentitiesParams(identity_id_a="$a", identity_id_b="$b")


def combined(category: IdentityCategory) -> str:
    return f'Combined the identities "Cook" and "Baker" into "Cook / Baker" in {category.label}.'


def kept(ref: str, other: str, notes: list[str] | None = None) -> dict[str, object]:
    changes: dict[str, object] = {f"{ref}.name": "Cook / Baker", f"{other}.state": ARCHIVED}
    return {**changes, f"{ref}.notes": notes} if notes else changes


CASES = [
    Case(
        name="one that is not the current",
        params=ArchiveIdentityParams(identity_id="$a"),
        start=pair(current="$b"),
        summary='Archived the identity "Cook".',
        changes={"a.state": ARCHIVED},
    ),
    Case(
        name="the current one",
        params=ArchiveIdentityParams(identity_id="$a"),
        start=pair(current="$a"),
        summary='Archived the identity "Cook".',
        changes={"a.state": ARCHIVED, "state.current_identity": "b"},
    ),
    skipped(
        "archived already",
        ArchiveIdentityParams(identity_id="$c"),
        'The identity "Gardener" was archived already.',
        pair(),
    ),
    Case(
        name="without notes",
        params=NEST,
        start=pair(),
        summary=NESTED,
        changes={"a.state": ARCHIVED, "b.notes": ["Nested: Cook"]},
    ),
    Case(
        name="its notes move, under its name",
        params=NEST,
        start=pair(notes=(["Hot.", "Salty."], ["Sweet."])),
        summary=NESTED,
        changes={"a.state": ARCHIVED, "b.notes": ["Sweet.", "Nested: Cook", "Cook: Hot.", "Cook: Salty."]},
    ),
    Case(
        name="no note twice",
        params=NEST,
        start=pair(notes=(["Hot.", "Salty."], ["Cook: Salty.", "Nested: Cook"])),
        summary=NESTED,
        changes={"a.state": ARCHIVED, "b.notes": ["Cook: Salty.", "Nested: Cook", "Cook: Hot."]},
    ),
    Case(
        name="no new note at all",
        params=NEST,
        start=pair(notes=(["Hot."], ["Cook: Hot.", "Nested: Cook"])),
        summary=NESTED,
        changes={"a.state": ARCHIVED},
    ),
    Case(
        name="the current one",
        params=NEST,
        start=pair(current="$a"),
        summary=NESTED,
        changes={"a.state": ARCHIVED, "b.notes": ["Nested: Cook"], "state.current_identity": "b"},
    ),
    rejected(
        "in itself",
        NestIdentityParams(identity_id="$a", parent_identity_id="$a"),
        'The identity "Cook" cannot be nested in itself.',
        pair(),
        ErrorKind.INVALID_PARAMS,
    ),
    Case(
        name="two passions", params=COMBINE, start=pair(), summary=combined(PASSION), changes=kept("a", "b")
    ),
    Case(
        name="the first is the passion",
        params=COMBINE,
        start=pair(PASSION, MAKER),
        summary=combined(MAKER),
        changes=kept("b", "a"),
    ),
    Case(
        name="the second is the passion",
        params=COMBINE,
        start=pair(MAKER, PASSION),
        summary=combined(MAKER),
        changes=kept("a", "b"),
    ),
    Case(
        name="neither is a passion",
        params=COMBINE,
        start=pair(MAKER, KEEPER),
        summary=combined(MAKER),
        changes=kept("a", "b"),
    ),
    Case(
        name="notes of the second move, under its name",
        params=COMBINE,
        start=pair(notes=(["Hot.", "Baker: Sweet."], ["Sweet.", "Warm."])),
        summary=combined(PASSION),
        changes=kept("a", "b", ["Hot.", "Baker: Sweet.", "Baker: Warm."]),
    ),
    Case(
        name="notes of the first move, under its old name",
        params=COMBINE,
        start=pair(PASSION, MAKER, notes=(["Hot."], ["Sweet."])),
        summary=combined(MAKER),
        changes=kept("b", "a", ["Sweet.", "Cook: Hot."]),
    ),
    Case(
        name="the current one is archived",
        params=COMBINE,
        start=pair(current="$b"),
        summary=combined(PASSION),
        changes={**kept("a", "b"), "state.current_identity": "a"},
    ),
    Case(
        name="the current one is kept",
        params=COMBINE,
        start=pair(current="$a"),
        summary=combined(PASSION),
        changes=kept("a", "b"),
    ),
    Case(
        name="a combined name of 255 characters",
        params=COMBINE,
        start=pair(names=("c" * 126, "b" * 126)),
        summary=(
            f'Combined the identities "{"c" * 126}" and "{"b" * 126}" into "{"c" * 126} / {"b" * 126}" '
            "in Passions and Talents."
        ),
        changes={"a.name": f"{'c' * 126} / {'b' * 126}", "b.state": ARCHIVED},
    ),
    rejected(
        "a combined name of 256 characters",
        COMBINE,
        "The combined name has 256 characters; the limit is 255.",
        pair(names=("c" * 127, "b" * 126)),
        ErrorKind.INVALID_PARAMS,
    ),
    rejected(
        "the combined name is taken",
        COMBINE,
        'Another identity is named "Cook / Baker" already.',
        pair(third="cook / BAKER"),
    ),
    rejected(
        "with itself",
        CombineIdentitiesParams(identity_id_a="$b", identity_id_b="$b"),
        'The identity "Baker" cannot be combined with itself.',
        pair(),
        ErrorKind.INVALID_PARAMS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_merging(case: Case, user: User) -> None:
    check(case, user)


def test_an_id_in_capitals_is_the_same_identity(user: User) -> None:
    """So that one identity under two spellings of its id is not combined with itself."""
    world = World(user, pair())
    key = world.key("$a")
    action = perform_action(CombineIdentitiesParams(identity_id_a=key, identity_id_b=key.upper()), user=user)
    assert action.result_summary == 'The identity "Cook" cannot be combined with itself.'
