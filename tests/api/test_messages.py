"""The chat over HTTP."""

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.services.action_queue.accept import accept_user_message
from tests.api.web import bearer
from tests.api.work import accept, note, run


def test_a_message_is_answered_with_the_coachs_message_and_its_queued_actions(
    client: httpx.Client, user: User
) -> None:
    answer = client.post("messages", json={"content": "Hello, I am ready."})

    assert answer.status_code == 201, answer.text
    pair = answer.json()
    assert pair["user_message"]["content"] == "Hello, I am ready."
    assert pair["user_message"]["role"] == "user"
    assert pair["user_message"]["actions"] == []
    assert pair["coach_message"]["role"] == "coach"
    stored = ChatMessage.objects.get(id=pair["coach_message"]["id"], user=user)
    assert stored.phase == "introduction"
    assert stored.model
    assert {action["status"] for action in pair["coach_message"]["actions"]} <= {"queued"}
    assert [action["id"] for action in pair["coach_message"]["actions"]] == [
        str(row.id) for row in Action.objects.filter(coach_message=stored).order_by("position")
    ]


def test_the_list_is_newest_first_and_each_coach_message_has_its_actions(
    client: httpx.Client, user: User
) -> None:
    accept_user_message(user, "I like tea.")
    accepted = accept(user, note("likes tea"))
    run(user)

    newest, oldest = client.get("messages").json()["items"]

    assert oldest["content"] == "I like tea."
    assert newest["id"] == str(accepted.message.id)
    (action,) = newest["actions"]
    assert action["coach_message_id"] == newest["id"]
    assert action["action_type"] == "add_user_note"
    assert action["label"] == "Add a note about you"
    assert action["parameters"] == {"note": "likes tea"}
    assert action["status"] == "succeeded"
    assert action["attempt"] == 1
    assert action["error"] is None
    assert action["finished_at"] is not None


def test_a_message_has_exactly_the_promised_fields(client: httpx.Client, user: User) -> None:
    accept(user, note("likes tea"))

    (message,) = client.get("messages").json()["items"]

    assert list(message) == ["id", "role", "content", "idempotency_key", "created_at", "actions"]
    assert list(message["actions"][0]) == [
        "id",
        "coach_message_id",
        "position",
        "action_type",
        "label",
        "parameters",
        "status",
        "attempt",
        "max_attempts",
        "result_summary",
        "error",
        "queued_at",
        "due_at",
        "started_at",
        "finished_at",
    ]


def test_the_pages_of_the_list_hold_every_message_once(client: httpx.Client, user: User) -> None:
    written = [str(accept_user_message(user, str(number)).id) for number in range(7)]

    seen, cursor = [], None
    while True:
        params = {"limit": "3"} if cursor is None else {"limit": "3", "cursor": cursor}
        page = client.get("messages", params=params).json()
        seen += [message["id"] for message in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == written[::-1]


def test_a_longer_list_takes_no_more_queries(user: User) -> None:
    browser = Client(headers=bearer(user), SERVER_NAME="localhost")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/api/v1/messages").status_code == 200
        return len(captured)

    accept(user, note("one"))
    few = queries()
    for number in range(8):
        accept(user, note(str(number)))

    assert queries() == few


@pytest.mark.parametrize("content", ["", " \n\t", "x" * 20_001, "a\x00b", 7, None, ["x"]])
def test_what_is_no_message_is_refused_and_nothing_is_stored(
    client: httpx.Client, user: User, content: object
) -> None:
    answer = client.post("messages", json={"content": content})

    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["errors"][0]["loc"] == ["body", "content"]
    assert not ChatMessage.objects.filter(user=user).exists()


def test_a_message_may_have_20_000_characters(client: httpx.Client, user: User) -> None:
    content = "ü" * 20_000

    assert client.post("messages", json={"content": content}).status_code == 201
    assert ChatMessage.objects.get(user=user, role="user").content == content
