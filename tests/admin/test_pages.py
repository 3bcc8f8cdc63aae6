"""Every page of the admin, as staff sees it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import IdempotencyKey
from server.apps.coach_states.models import CoachState
from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.apps.users.models import ApiToken, User
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddUserNoteParams,
    CreateIdentityParams,
)
from server.services.action_queue.operate import retry
from server.testing.perform import perform_action
from tests.conftest import MakeUser

UNREGISTERED = {
    "EventStream": "a cursor, of no use to a person",
    "Event": "its key is composite, which the admin cannot show; each event is told by an action or a message",
}
CHANGED_HERE = {"User", "Group"}
"""What may be added and changed by hand."""


@pytest.fixture(scope="module")
def full_life() -> User:
    """A user who has a row of every kind."""
    Heartbeat.objects.update_or_create(role="relay", defaults={"beat_at": database_now()})
    scenario = TestScenario.objects.create(name="One of each", content={"format": 1})
    ReplayRun.objects.create(names=[scenario.name], total=1)
    user = User.objects.create_user(f"{scenario.id}@example.org", test_scenario=scenario)
    create = CreateIdentityParams(name="Night Gardener", category=IdentityCategory.SPIRITUAL, note="<b>x</b>")
    perform_action(create, user=user, phase=CoachingPhase.IDENTITY_BRAINSTORMING)
    perform_action(AddUserNoteParams(note="Likes tea."), user=user)
    rejected = perform_action(AcceptIdentityParams(identity_id="nobody's"), user=user)
    retry(rejected, operator="somebody")
    ApiToken.objects.issue(user)
    IdempotencyKey.objects.create(user=user, key="K", digest="d", expires_at=timezone.now())
    return user


@pytest.fixture
def staff(make_user: MakeUser) -> Client:
    """A browser in which staff is signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("server.")]


def registered() -> list[type[Model]]:
    return [model for model in own_models() if model in admin.site._registry]


def path(model: type[Model], page: str, *arguments: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=arguments)


def test_every_model_has_its_pages_or_a_reason() -> None:
    missing = {model.__name__ for model in own_models()} - {model.__name__ for model in registered()}
    assert missing == set(UNREGISTERED), "write the model's admin.py, or its reason in UNREGISTERED"


@pytest.mark.parametrize("model", registered(), ids=lambda model: model.__name__)
def test_its_list_search_and_page_open(model: type[Model], staff: Client, full_life: User) -> None:
    without_people = model in {Heartbeat, ReplayRun, TestScenario} or model.__name__ == "OperatorEntry"
    everyone = "" if without_people else "?who=everyone"
    opened = staff.get(path(model, "changelist") + everyone)
    assert opened.status_code == 200
    searched = admin.site._registry[model].search_fields
    assert staff.get(path(model, "changelist"), {"q": "night"} if searched else {}).status_code == 200
    newest = model._default_manager.order_by("-pk").first()
    assert newest is not None, f"full_life makes no {model.__name__}"
    page = staff.get(path(model, "change", newest.pk))
    assert page.status_code == 200, page.headers.get("location")


@pytest.mark.parametrize(
    "model",
    [model for model in registered() if model.__name__ not in CHANGED_HERE],
    ids=lambda model: model.__name__,
)
def test_nothing_but_users_is_added_or_changed_by_hand(
    model: type[Model], staff: Client, full_life: User
) -> None:
    row = model._default_manager.order_by("-pk").first()
    assert row is not None
    assert staff.get(path(model, "add")).status_code == 403
    assert staff.post(path(model, "change", row.pk), {}).status_code == 403
    if model is not ApiToken:
        assert staff.post(path(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("who", "person", "scenario"),
    [({}, True, False), ({"who": "scenarios"}, False, True), ({"who": "everyone"}, True, True)],
    ids=["by default", "scenarios", "everyone"],
)
def test_people_are_listed_apart_from_test_scenarios(
    staff: Client, full_life: User, user: User, who: dict[str, str], person: bool, scenario: bool
) -> None:
    def is_listed(email: str) -> bool:
        return f">{email}</a>" in staff.get(path(User, "changelist"), {**who, "q": email}).text

    assert (is_listed(user.email), is_listed(full_life.email)) == (person, scenario)


def test_a_user_is_made_and_changed_by_email(staff: Client) -> None:
    password = {"usable_password": "true", "password1": "tall-otter-77", "password2": "tall-otter-77"}
    made = staff.post(path(User, "add"), {"email": "By.Admin@example.org", **password})
    assert made.status_code == 302, made.text
    user = User.objects.get(email="by.admin@example.org")
    assert user.check_password("tall-otter-77")
    assert CoachState.objects.filter(user=user).exists()
    changed = staff.post(
        path(User, "change", user.pk), {"email": "BY.ADMIN@example.org", "first_name": "Bee"}
    )
    assert changed.status_code == 302, changed.text
    user.refresh_from_db()
    assert (user.email, user.first_name) == ("by.admin@example.org", "Bee")
    taken = staff.post(path(User, "add"), {"email": "BY.admin@example.org", **password})
    assert "already exists" in taken.text


def test_a_user_is_deleted_with_all_that_is_theirs(staff: Client, user: User) -> None:
    action = perform_action(AddUserNoteParams(note="Likes tea."), user=user)
    assert "Are you sure" in staff.get(path(User, "delete", user.pk)).text
    assert staff.post(path(User, "delete", user.pk), {"post": "yes"}).status_code == 302
    assert not Action.objects.filter(id=action.id).exists()


def test_a_token_is_revoked_and_never_shown(staff: Client, user: User) -> None:
    secret = ApiToken.objects.issue(user)
    token = ApiToken.objects.bearing(secret).get()
    page = staff.get(path(ApiToken, "change", token.pk)).text
    assert token.digest not in page
    assert staff.post(path(ApiToken, "delete", token.pk), {"post": "yes"}).status_code == 302
    assert not ApiToken.objects.bearing(secret).exists()


def test_staff_who_were_given_nothing_see_nothing(make_user: MakeUser) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(make_user(is_staff=True))
    assert client.get(path(Action, "changelist")).status_code == 403


def test_staff_who_may_look_may_not_operate(make_user: MakeUser, full_life: User) -> None:
    watcher = make_user(is_staff=True)
    watcher.user_permissions.add(Permission.objects.get(codename="view_action"))
    client = Client(headers={"host": "localhost"})
    client.force_login(watcher)
    shown = client.get(path(Action, "changelist") + "?who=everyone")
    assert shown.status_code == 200
    assert "retry_selected" not in shown.text


def test_a_longer_list_of_actions_takes_no_more_queries(staff: Client, user: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(path(Action, "changelist"), {"q": user.email}).status_code == 200
        assert not [q for q in caught.captured_queries if "COUNT(*)" in q["sql"] and "LIMIT" not in q["sql"]]
        return len(caught)

    perform_action(AddUserNoteParams(note="one"), user=user)
    few = queries()
    for number in range(5):
        perform_action(AddUserNoteParams(note=f"and {number}"), user=user)
    assert queries() == few
