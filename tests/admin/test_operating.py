"""Retrying and cancelling actions in the admin."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from server.apps.actions.models import Action, OperatorEntry
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.services.action_handler.models.params import AcceptIdentityParams, AddUserNoteParams
from server.testing.perform import accept, drain, perform_action
from tests.conftest import MakeUser

LIST = reverse("admin:actions_action_changelist")


@pytest.fixture
def operator(make_user: MakeUser) -> User:
    return make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def staff(operator: User) -> Client:
    """A browser in which the operator is signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(operator)
    return client


def operate(staff: Client, verb: str, *actions: Action) -> list[str]:
    """Do `verb` to the actions; answers the messages that are shown."""
    selection = {"action": verb, "_selected_action": [str(action.id) for action in actions]}
    messages = [str(message) for message in get_messages(staff.post(LIST, selection).wsgi_request)]
    assert staff.get(LIST).status_code == 200  # shows them, and they are gone
    return messages


def test_retry_queues_what_has_ended_and_says_why_not_the_rest(
    staff: Client, operator: User, user: User
) -> None:
    rejected = perform_action(AcceptIdentityParams(identity_id="nobody's"), user=user)
    (waiting,) = accept(user, {"add_user_note": AddUserNoteParams(note="Likes tea.")}).actions
    assert operate(staff, "retry_selected", rejected, waiting) == [
        f"The action {rejected.id} (Accept an identity) is queued again.",
        f"The action {waiting.id} is queued: it will run by itself; only an ended one can be retried.",
    ]
    rejected.refresh_from_db()
    assert rejected.status == ActionStatus.QUEUED
    entry = OperatorEntry.objects.get(action=rejected)
    assert (entry.verb, entry.operator, entry.from_status) == ("retry", operator.email, ActionStatus.REJECTED)


def test_cancel_takes_a_waiting_action_out_of_its_lane(staff: Client, user: User) -> None:
    first, second = (
        accept(user, {"add_user_note": AddUserNoteParams(note=note)}).actions[0] for note in ("one", "two")
    )
    assert operate(staff, "cancel_selected", first) == [
        f"The action {first.id} (Add a note about you) is cancelled."
    ]
    drain(user)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (ActionStatus.CANCELLED, ActionStatus.SUCCEEDED)
    (told,) = operate(staff, "cancel_selected", second)
    assert "has ended already (succeeded): there is nothing to cancel" in told


def test_an_actions_page_shows_its_operators_and_escapes_what_a_model_wrote(
    staff: Client, user: User
) -> None:
    action = perform_action(AddUserNoteParams(note="<script>alert(1)</script>"), user=user)
    operate(staff, "retry_selected", action)
    page = staff.get(reverse("admin:actions_action_change", args=[action.id])).text
    assert "retry" in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "query",
    [
        "?status__exact=rejected",
        "?action_type__exact=accept_identity",
        "?error_kind__exact=not_found",
        "?q=ID",
        "?q=EMAIL",
    ],
)
def test_actions_are_found(staff: Client, user: User, query: str) -> None:
    rejected = perform_action(AcceptIdentityParams(identity_id="nobody's"), user=user)
    found = staff.get(LIST + query.replace("ID", str(rejected.id)[:8]).replace("EMAIL", user.email))
    assert found.status_code == 200
    assert str(rejected.id) in found.text
