"""The model's user in the database: planted there, and read back."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from django.db import transaction

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.models.identity_name import name_key
from tests.chaos import model

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def plant(state: model.State) -> User:
    """A new user who stands there; the model's rows learn their ids."""
    with transaction.atomic():
        user = User.objects.create_user(f"{uuid4().hex}@example.org")
        identities = Identity.objects.bulk_create(
            Identity(
                user=user,
                name=one.name,
                name_key=name_key(one.name),
                category=one.category,
                state=one.state,
                i_am_statement=one.i_am_statement,
                visualization=one.visualization,
                notes=one.notes,
                created_at=FIRST_DAY + timedelta(minutes=place),
            )
            for place, one in enumerate(state.identities)
        )
        UserNote.objects.bulk_create(
            UserNote(user=user, note=note.text, created_at=FIRST_DAY + timedelta(minutes=place))
            for place, note in enumerate(state.notes)
        )
        place = state.current_identity
        CoachState.objects.filter(user=user).update(
            current_phase=state.current_phase,
            identity_focus=state.identity_focus,
            current_identity=None if place is None else identities[place],
        )
    learn_ids(state, user.id)
    return user


def found(user_id: UUID) -> model.State:
    """Where the user stands by the rows."""
    coach_state = CoachState.objects.get(user_id=user_id)
    identities = list(Identity.objects.filter(user_id=user_id).in_order())
    places: dict[UUID | None, int] = {identity.id: place for place, identity in enumerate(identities)}
    return model.State(
        current_phase=str(coach_state.current_phase),
        identity_focus=str(coach_state.identity_focus),
        current_identity=places.get(coach_state.current_identity_id),
        skipped_identity_categories=[str(one) for one in coach_state.skipped_identity_categories],
        who_you_are=coach_state.who_you_are,
        who_you_want_to_be=coach_state.who_you_want_to_be,
        asked_questions=[str(one) for one in coach_state.asked_questions],
        identities=[found_identity(identity) for identity in identities],
        notes=[
            model.Note(text=row.note, id=str(row.id))
            for row in UserNote.objects.filter(user_id=user_id).order_by("created_at")
        ],
    )


def found_identity(row: Identity) -> model.Identity:
    return model.Identity(
        name=row.name,
        category=str(row.category),
        state=str(row.state),
        i_am_statement=row.i_am_statement,
        visualization=row.visualization,
        notes=row.notes,
        id=str(row.id),
    )


def learn_ids(state: model.State, user_id: UUID) -> None:
    """Tell the model the ids of the rows that it foretold; where they differ, the check will say so."""
    there = found(user_id)
    for identity, row in zip(state.identities, there.identities, strict=False):
        identity.id = row.id
    for note, note_row in zip(state.notes, there.notes, strict=False):
        note.id = note_row.id


@cache
def stranger() -> tuple[UUID, model.State]:
    """Another user with an identity and a note, which nobody else may touch."""
    state = model.State(
        identities=[model.Identity(name="Stranger", category=model.PASSIONS)],
        notes=[model.Note(text="A stranger's note")],
    )
    return plant(state).id, state


def strangers_ids() -> list[str]:
    _, state = stranger()
    ids = [one.id for one in state.identities] + [note.id for note in state.notes]
    return [one_id for one_id in ids if one_id]
