"""What the coach remembers about a user."""

from uuid import uuid4

import pytest

from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.action_handler.models.params import (
    AddUserNoteParams,
    DeleteUserNoteParams,
    UpdateUserNoteParams,
)
from tests.actions.cases import GONE, Case, Start, check, skipped

KIDS = Start(user_notes={"kids": "Has two kids.", "dog": "Has a dog."})
UNKNOWN = str(uuid4())

CASES = [
    Case(
        name="is kept",
        params=AddUserNoteParams(note=" Lives by\nthe sea. "),
        start=KIDS,
        summary='Noted "Lives by the sea".',
        changes={"new.note": "Lives by\nthe sea."},
    ),
    Case(
        name="a long one is cut short in the summary",
        params=AddUserNoteParams(note="x" * 4_000),
        summary=f'Noted "{"x" * 79}…".',
        changes={"new.note": "x" * 4_000},
    ),
    Case(
        name="other letters, another note",
        params=AddUserNoteParams(note="has two kids."),
        start=KIDS,
        summary='Noted "has two kids".',
        changes={"new.note": "has two kids."},
    ),
    skipped(
        "the exact note exists",
        AddUserNoteParams(note="Has two kids. "),
        'The note "Has two kids" exists already.',
        KIDS,
    ),
    Case(
        name="reads otherwise",
        params=UpdateUserNoteParams(user_note_id="$kids", note="Has three kids."),
        start=KIDS,
        summary='Changed the note "Has two kids" to "Has three kids".',
        changes={"kids.note": "Has three kids."},
    ),
    skipped(
        "the same text",
        UpdateUserNoteParams(user_note_id="$kids", note="Has two kids."),
        'The note "Has two kids" reads so already.',
        KIDS,
    ),
    Case(
        name="is gone",
        params=DeleteUserNoteParams(user_note_id="$kids"),
        start=KIDS,
        summary='Deleted the note "Has two kids".',
        changes={"kids": GONE},
    ),
    skipped(
        "gone already",
        DeleteUserNoteParams(user_note_id=UNKNOWN),
        "That note is gone already.",
        KIDS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_user_notes(case: Case, user: User) -> None:
    check(case, user)


def test_a_note_knows_the_message_it_came_from(user: User) -> None:
    action = check(CASES[0], user)
    kept = UserNote.objects.filter(user=user).latest("created_at")
    assert kept.coach_message_id == action.coach_message_id
