"""A handler that does what is not for it to do fails its test, which names the file and the mend."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, transaction

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind
from server.services.action_handler import handler
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.action_handler.outcomes import Applied, Outcome, Refusal, Rejected, Skipped
from server.testing.perform import perform_action
from server.testing.watching import Trespass
from tests.conftest import MakeUser

Deed = Callable[[CoachState], object]


def in_a_transaction_of_its_own(coach_state: CoachState) -> None:
    with transaction.atomic():
        coach_state.who_you_are = []


def without_a_savepoint(coach_state: CoachState) -> None:
    with transaction.atomic(savepoint=False):
        coach_state.who_you_are = []


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def calls_somebody(coach_state: CoachState) -> None:
    with suppress(OSError), socket.create_connection(("127.0.0.1", 9), timeout=0.1):
        pass


@pytest.mark.parametrize(
    ("deed", "fault"),
    [
        (in_a_transaction_of_its_own, "opens a transaction of its own, or waits"),
        (lambda state: Action.objects.filter(user=state.user_id).count(), "touches other actions"),
        (lambda state: Action.objects.filter(user=state.user_id).update(position=7), "touches other actions"),
        (
            lambda state: ChatMessage.objects.filter(user=state.user_id).update(content="X"),
            "writes to 'chat_messages'",
        ),
        (lambda state: User.objects.filter(pk=state.user_id).update(first_name="X"), "writes to 'users'"),
        (calls_somebody, "reaches out of the process"),
        (without_a_savepoint, "opens a transaction of its own"),
        (lambda _: transaction.on_commit(lambda: None), "waits for the commit"),
        (
            lambda _: run("WITH x AS (UPDATE actions SET position = 7 RETURNING id) SELECT 1"),
            "touches other",
        ),
        (
            lambda _: run("/* hm */ UPDATE public.chat_messages SET content = ''"),
            "writes to 'chat_messages'",
        ),
        (lambda _: run("UPDATE ONLY events SET data = NULL"), "writes to 'events'"),
        (lambda _: run("LOCK TABLE actions"), "runs 'LOCK TABLE actions'"),
        (lambda _: run("CREATE TEMP TABLE hm (id int)"), "runs 'CREATE TEMP TABLE hm"),
        (lambda _: os.system("/bin/true"), "reaches out of the process (os.system)"),  # noqa: S605
        (lambda _: Path(os.devnull).write_text("hm"), "reaches out of the process (open)"),
    ],
    ids=[
        "a transaction",
        "reads actions",
        "changes an action",
        "a message",
        "the user",
        "a call",
        "no savepoint",
        "for the commit",
        "a write within a read",
        "a comment before",
        "only",
        "a lock",
        "a table",
        "a command",
        "a file",
    ],
)
def test_a_handler_that_goes_too_far(
    deed: Deed, fault: str, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_user_note(
        coach_state: CoachState, params: AddUserNoteParams, coach_message: ChatMessage | None
    ) -> Outcome:
        deed(coach_state)
        return Applied("Done.")

    monkeypatch.setattr(handler, "ACTION_HANDLERS", {ActionType.ADD_USER_NOTE: add_user_note})
    with pytest.raises(Trespass) as trespass:
        perform_action(AddUserNoteParams(note="Tea"), user=user)
    assert str(trespass.value).startswith("tests/actions/test_watching.py: add_user_note ")
    assert fault in str(trespass.value)


@pytest.mark.parametrize(
    "deed",
    [
        lambda _, other: Identity.objects.filter(user=other).update(name="Mine"),
        lambda state, other: UserNote.objects.filter(user=other).update(user=state.user_id),
        lambda _, other: UserNote.objects.filter(user=other).delete(),
        lambda _, other: UserNote.objects.create(user=other, note="Tea"),
        lambda state, other: CoachState.objects.filter(user__in=[state.user_id, other]).update(
            who_you_are=["A"]
        ),
        lambda state, other: UserNote.objects.filter(user=state.user_id).update(user=other),
    ],
    ids=["changes", "takes", "deletes", "adds", "changes both", "gives away"],
)
def test_a_handler_that_writes_to_rows_of_another_user(
    deed: Callable[[CoachState, User], object],
    user: User,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make_user()
    for owner, note in ((user, "Coffee"), (other, "Milk")):
        UserNote.objects.create(user=owner, note=note)
        Identity.objects.create(user=owner, name="Cook", category="spiritual")

    def add_user_note(
        coach_state: CoachState, params: AddUserNoteParams, coach_message: ChatMessage | None
    ) -> Outcome:
        deed(coach_state, other)
        return Applied("Done.")

    monkeypatch.setattr(handler, "ACTION_HANDLERS", {ActionType.ADD_USER_NOTE: add_user_note})
    with pytest.raises(Trespass, match="writes to the rows of another user: look ids up by own_rows"):
        perform_action(AddUserNoteParams(note="Tea"), user=user)


def test_a_handler_that_writes_to_rows_of_its_user_and_reads_others_is_let_pass(
    user: User, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserNote.objects.create(user=make_user(), note="Tea")

    def add_user_note(
        coach_state: CoachState, params: AddUserNoteParams, coach_message: ChatMessage | None
    ) -> Outcome:
        assert UserNote.objects.exclude(user=coach_state.user_id).exists()
        UserNote.objects.create(user_id=coach_state.user_id, note=params.note)
        return Applied("Done.")

    monkeypatch.setattr(handler, "ACTION_HANDLERS", {ActionType.ADD_USER_NOTE: add_user_note})
    assert perform_action(AddUserNoteParams(note="Tea"), user=user).status == "succeeded"


def test_a_handler_that_returns_nothing(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "ACTION_HANDLERS", {ActionType.ADD_USER_NOTE: lambda *_: None})
    with pytest.raises(Trespass, match=r"add_user_note answers None: return Applied, Skipped or Rejected\.$"):
        perform_action(AddUserNoteParams(note="Tea"), user=user)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda: Applied(""), "Applied"),
        (lambda: Skipped("  "), "Skipped"),
        (lambda: Rejected("\n"), "Rejected"),
        (lambda: Refusal("", ErrorKind.CONFLICT), "Rejected"),
    ],
    ids=["applied", "skipped", "rejected", "refused"],
)
def test_a_handler_that_tells_a_person_nothing(
    answer: Callable[[], object], kind: str, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "ACTION_HANDLERS", {ActionType.ADD_USER_NOTE: lambda *_: answer()})
    said = f"add_user_note {kind} has a blank sentence: write what a person is to read\\.$"
    with pytest.raises(Trespass, match=said):
        perform_action(AddUserNoteParams(note="Tea"), user=user)
