"""The users of a drain, with the identities and notes that the mix names."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction

from server.apps.coach_states.models import CoachState
from server.apps.events.models import EventStream
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.identity_category import IdentityCategory
from server.models.identity_name import name_key

IDENTITIES = {
    "hero": "Gardener",
    "part": "Seed Keeper",
    "whole": "Forester",
    "left": "Baker",
    "right": "Cook",
    "unwanted": "Bookkeeper",
}
NOTES = {"note_to_mend": "Has one sister.", "note_to_forget": "Owns a boat."}
CATEGORY = IdentityCategory.DOER_OF_THINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user, and the ids of what the mix acts on.

    `hero` is led up the whole ladder, `part` is nested in `whole`, `left` and `right` are combined, `unwanted` is
    archived.
    """

    user: User
    hero: str
    part: str
    whole: str
    left: str
    right: str
    unwanted: str
    note_to_mend: str
    note_to_forget: str


def make_cohorts(cohorts: int, size: int) -> list[list[Person]]:
    """Cohorts of new people, straight into the tables: making them is not what is measured."""
    with transaction.atomic():
        return [_make_people(size) for _ in range(cohorts)]


def _make_people(count: int) -> list[Person]:
    users = User.objects.bulk_create(User(email=f"{uuid4().hex}@bench.example") for _ in range(count))
    CoachState.objects.bulk_create(CoachState(user=user) for user in users)
    EventStream.objects.bulk_create(EventStream(user=user) for user in users)
    identities = [_identities(user) for user in users]
    notes = [_notes(user) for user in users]
    Identity.objects.bulk_create(identity for owned in identities for identity in owned.values())
    UserNote.objects.bulk_create(note for owned in notes for note in owned.values())
    return [
        Person(user=user, **_ids(owned), **_ids(noted))
        for user, owned, noted in zip(users, identities, notes, strict=True)
    ]


def _ids(rows: Mapping[str, Identity] | Mapping[str, UserNote]) -> dict[str, str]:
    return {role: str(row.id) for role, row in rows.items()}


def _identities(user: User) -> dict[str, Identity]:
    return {
        role: Identity(
            user=user,
            name=name,
            name_key=name_key(name),
            category=CATEGORY,
            notes=[note_of(name)],
        )
        for role, name in IDENTITIES.items()
    }


def note_of(name: str) -> str:
    """What stands with the identity of that name."""
    return f"Said over tea: {name.lower()}."


def _notes(user: User) -> dict[str, UserNote]:
    return {role: UserNote(user=user, note=note) for role, note in NOTES.items()}
