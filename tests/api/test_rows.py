"""The lists and rows of a user: what they show, and that they are only that user's."""

import uuid
from collections.abc import Callable

import httpx
import pytest

from server.apps.actions.models import Action
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from tests.api.work import accept, note, response_of, run
from tests.conftest import MakeUser

LISTS = ["messages", "actions", "identities", "user-notes"]


def make_rows(user: User, count: int = 1) -> None:
    """`count` of everything that a list shows."""
    for number in range(count):
        accept(user, note(f"note {number}"))
        Identity.objects.create(user=user, name=f"Identity {number}", category="spiritual")
        run(user)


def all_items(client: httpx.Client, path: str, limit: int) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    params: dict[str, str | int] = {"limit": limit}
    while True:
        page = client.get(path, params=params).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("path", LISTS)
def test_the_pages_of_a_list_make_the_whole_list(client: httpx.Client, user: User, path: str) -> None:
    make_rows(user, 5)

    whole = client.get(path).json()

    assert len(whole["items"]) == 5
    assert whole["next_cursor"] is None
    for limit in (1, 2, 5):
        assert all_items(client, path, limit) == whole["items"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "", "1.5"])
def test_a_limit_outside_1_to_200_is_refused(client: httpx.Client, path: str, limit: str) -> None:
    answer = client.get(path, params={"limit": limit})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["query", "limit"]


def test_the_default_is_50_and_the_most_200(client: httpx.Client, user: User) -> None:
    Identity.objects.bulk_create(
        Identity(user=user, name=str(number), name_key=str(number), category="spiritual")
        for number in range(205)
    )

    assert len(client.get("identities").json()["items"]) == 50
    assert len(client.get("identities", params={"limit": 200}).json()["items"]) == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "",
        "a" * 400,
        "WyJ4Il0",
        "W10",
        "bnVsbA",
        "W1tbW1tb",
        "\x00",
        "ümlaut",
        "WyJhY3Rpb25zIiwgMWU5OTld",
    ],
)
def test_a_cursor_that_is_none_is_refused(client: httpx.Client, path: str, cursor: str) -> None:
    answer = client.get(path, params={"cursor": cursor})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"] == ["query", "cursor"]


def test_a_cursor_of_another_list_is_refused(client: httpx.Client, user: User) -> None:
    make_rows(user, 3)
    cursor = client.get("actions", params={"limit": 1}).json()["next_cursor"]

    assert client.get("messages", params={"cursor": cursor}).status_code == 422


def test_actions_can_be_chosen_by_status_and_type(client: httpx.Client, user: User) -> None:
    accept(user, note("one"))
    accept(user, note("one"))
    accept(user, response_of(transition_phase={"to_phase": "get_to_know_you"}))
    run(user)

    def chosen(**params: str) -> list[tuple[str, str]]:
        items = client.get("actions", params=params).json()["items"]
        return [(item["action_type"], item["status"]) for item in items]

    assert chosen() == [
        ("transition_phase", "succeeded"),
        ("add_user_note", "skipped"),
        ("add_user_note", "succeeded"),
    ]
    assert chosen(status="skipped") == [("add_user_note", "skipped")]
    assert chosen(action_type="transition_phase") == [("transition_phase", "succeeded")]
    assert chosen(status="succeeded", action_type="add_user_note") == [("add_user_note", "succeeded")]


@pytest.mark.parametrize("params", [{"status": "failed"}, {"status": ""}, {"action_type": "invent"}])
def test_a_status_or_type_that_is_none_is_refused(client: httpx.Client, params: dict[str, str]) -> None:
    answer = client.get("actions", params=params)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["query", next(iter(params))]


def test_an_action_that_ended_badly_says_why(client: httpx.Client, user: User) -> None:
    accept(user, response_of(delete_user_note={"user_note_id": "none"}))
    run(user)
    (action,) = client.get("actions").json()["items"]

    assert client.get(f"actions/{action['id']}").json() == action
    assert action["status"] == "rejected"
    assert action["error"].keys() == {"kind", "message"}


def test_an_action_of_a_type_that_this_version_does_not_know_is_shown(
    client: httpx.Client, user: User
) -> None:
    accepted = accept(user, note("one"))
    Action.objects.filter(id=accepted.actions[0].id).update(action_type="of_tomorrow")

    (action,) = client.get("actions").json()["items"]

    assert (action["action_type"], action["label"]) == ("of_tomorrow", "of_tomorrow")


def test_the_coach_state_is_shown(client: httpx.Client, user: User) -> None:
    identity = Identity.objects.create(user=user, name="Cook", category="spiritual")
    user.coach_state.change(
        current_identity=identity,
        who_you_are=["a cook"],
        skipped_identity_categories=["doer_of_things"],
        asked_questions=["work_living"],
    )

    state = client.get("coach-state").json()

    assert state.pop("updated_at")
    assert state == {
        "current_phase": "introduction",
        "identity_focus": "passions_and_talents",
        "current_identity": str(identity.id),
        "skipped_identity_categories": ["doer_of_things"],
        "who_you_are": ["a cook"],
        "who_you_want_to_be": [],
        "asked_questions": ["work_living"],
    }


def test_identities_are_oldest_first_and_archived_ones_only_on_demand(
    client: httpx.Client, user: User
) -> None:
    for name in ("Cook", "Gardener", "Reader"):
        Identity.objects.create(user=user, name=name, category="spiritual", notes=["a note"])
    Identity.objects.get(user=user, name="Gardener").archive()

    def names(**params: str) -> list[str]:
        return [item["name"] for item in client.get("identities", params=params).json()["items"]]

    assert names() == ["Cook", "Reader"]
    assert names(archived="true") == ["Cook", "Gardener", "Reader"]
    assert list(client.get("identities").json()["items"][0]) == [
        "id",
        "name",
        "category",
        "state",
        "i_am_statement",
        "visualization",
        "notes",
        "created_at",
    ]


@pytest.mark.parametrize(
    "path", [*LISTS, "coach-state", "actions/{}", "events", "admin/stats", "admin/actions"]
)
def test_nothing_is_shown_unsigned(anyone: httpx.Client, path: str) -> None:
    assert anyone.get(path.format(uuid.uuid4())).status_code == 401


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_nothing_of_others(client: httpx.Client, make_user: MakeUser, path: str) -> None:
    make_rows(make_user())

    assert client.get(path).json() == {"items": [], "next_cursor": None}


def test_an_action_of_another_user_is_404(client: httpx.Client, make_user: MakeUser) -> None:
    other = accept(make_user(), note("a secret")).actions[0]

    assert client.get(f"actions/{other.id}").status_code == 404
    assert client.get(f"actions/{uuid.uuid4()}").status_code == 404
    assert client.get("actions/none").status_code == 404


def test_a_reset_touches_nothing_of_others(
    client: httpx.Client, make_user: MakeUser, browser_of: Callable[[User], httpx.Client]
) -> None:
    other = make_user()
    make_rows(other)
    accept(other, note("waits"))

    assert client.post("chat/reset").status_code == 204

    assert UserNote.objects.filter(user=other).count() == 1
    assert Action.objects.filter(user=other).open().count() == 1
