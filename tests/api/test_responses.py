"""Responses that programs post, and every way in which they can be wrong."""

import json
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.events.models import EventStream
from server.apps.users.models import User
from tests.api.web import WebProcess
from tests.api.work import note, response_of, run
from tests.conftest import MakeUser


def post(client: httpx.Client, response: object, user_id: object = "me") -> httpx.Response:
    return client.post(f"users/{user_id}/responses", json={"response": response})


def assert_nothing_is_stored(user: User) -> None:
    assert not ChatMessage.objects.filter(user=user).exists()
    assert not Action.objects.filter(user=user).exists()
    assert EventStream.objects.get(user=user).last_cursor == 0


def test_a_response_is_stored_and_its_actions_queued(client: httpx.Client, user: User) -> None:
    answer = post(client, note("likes tea"))

    assert answer.status_code == 202, answer.text
    message = answer.json()["coach_message"]
    (action,) = message["actions"]
    assert (action["status"], action["position"], action["attempt"]) == ("queued", 0, 0)
    assert ChatMessage.objects.get(user=user).response == note("likes tea")


def test_actions_stand_in_canonical_order_whatever_the_order_of_keys(client: httpx.Client) -> None:
    wanted: dict[str, dict[str, object]] = {
        "add_user_note": {"note": "likes tea"},
        "transition_phase": {"to_phase": "identity_brainstorming"},
        "create_identity": {"name": "Cook", "category": "spiritual", "note": ""},
    }

    message = post(client, response_of(**wanted)).json()["coach_message"]

    assert [(a["position"], a["action_type"]) for a in message["actions"]] == [
        (0, "create_identity"),
        (1, "transition_phase"),
        (2, "add_user_note"),
    ]


def test_null_stands_for_no_action(client: httpx.Client) -> None:
    answer = post(client, {"message": "Hello.", "create_identity": None})

    assert answer.status_code == 202
    assert answer.json()["coach_message"]["actions"] == []


# Who may post


def test_staff_may_post_for_anyone(staff_client: httpx.Client, user: User) -> None:
    assert post(staff_client, note("x"), user.id).status_code == 202
    assert ChatMessage.objects.filter(user=user).exists()


def test_a_staff_browser_may_post(
    browser_of: Callable[[User], httpx.Client], make_user: MakeUser, user: User
) -> None:
    browser = browser_of(make_user(is_staff=True))

    assert post(browser, note("x"), user.id).status_code == 202


def test_a_program_may_name_its_own_user(client: httpx.Client, user: User) -> None:
    assert post(client, note("x"), user.id).status_code == 202


def test_a_browser_may_not_post_for_its_own_user(
    browser_of: Callable[[User], httpx.Client], user: User
) -> None:
    assert post(browser_of(user), note("x")).status_code == 403
    assert_nothing_is_stored(user)


def test_for_a_program_other_users_do_not_exist(client: httpx.Client, make_user: MakeUser) -> None:
    other = make_user()

    assert post(client, note("x"), other.id).status_code == 404
    assert_nothing_is_stored(other)


@pytest.mark.parametrize("user_id", ["nobody", "1", uuid.uuid4()])
def test_unknown_and_malformed_ids_are_404_for_staff_too(staff_client: httpx.Client, user_id: object) -> None:
    assert post(staff_client, note("x"), user_id).status_code == 404


def test_nobody_may_post_unsigned(anyone: httpx.Client, user: User) -> None:
    assert post(anyone, note("x"), user.id).status_code == 401
    assert_nothing_is_stored(user)


# What is refused at the door

CATEGORY = {"name": "Cook", "category": "spiritual", "note": ""}

WRONG_SHAPES = {
    "an unknown action": ({"message": "m", "invent_action": {"params": {}}}, "invent_action"),
    "a missing message": ({}, "message"),
    "a message of another type": ({"message": 7}, "message"),
    "a message too long": ({"message": "m" * 20_001}, "message"),
    "a missing parameter": (response_of(create_identity={"name": "Cook", "note": ""}), "category"),
    "an extra parameter": (response_of(create_identity={**CATEGORY, "colour": "red"}), "colour"),
    "a parameter of another type": (response_of(create_identity={**CATEGORY, "name": 7}), "name"),
    "a value outside the enum": (
        response_of(create_identity={**CATEGORY, "category": "cooking"}),
        "category",
    ),
    "missing params": ({"message": "m", "create_identity": {}}, "params"),
    "params that are a list": ({"message": "m", "create_identity": {"params": []}}, "params"),
    "an extra key beside params": (
        {"message": "m", "create_identity": {"params": CATEGORY, "when": "now"}},
        "when",
    ),
    "a NUL character in a parameter": (response_of(add_user_note={"note": "a\x00b"}), "note"),
    "a NUL character in the message": ({"message": "a\x00b"}, "message"),
    "a NUL character in a list": (response_of(update_who_you_are={"who_you_are": ["a\x00b"]}), 0),
    "an action that is text": ({"message": "m", "create_identity": "yes"}, "create_identity"),
    "a list for a response": ([], "response"),
    "null for a response": (None, "response"),
}


@pytest.mark.parametrize("name", WRONG_SHAPES)
def test_a_wrong_shape_is_refused_with_the_place_and_nothing_is_stored(
    client: httpx.Client, user: User, name: str
) -> None:
    response, place = WRONG_SHAPES[name]

    answer = post(client, response)

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"title", "status", "detail", "errors"} <= problem.keys()
    assert any(error["loc"][-1] == place for error in problem["errors"]), problem
    assert all(error["msg"] for error in problem["errors"])
    assert_nothing_is_stored(user)


NOT_JSON = {
    "words": b"not json",
    "cut off": b'{"response": {"message": "m"',
    "two values": b'{"response": {"message": "m"}} {}',
    "not UTF-8": b'{"response": {"message": "\xff\xfe"}}',
    "a lone surrogate": b'{"response": {"message": "\\ud800"}}',
    "a lone surrogate in a parameter": (
        b'{"response": {"message": "m", "add_user_note": {"params": {"note": "\\udfff"}}}}'
    ),
    "deep nesting of lists": b'{"response": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep nesting of objects": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "NaN": b'{"response": {"message": NaN}}',
    "an endless number": b'{"response": ' + b"9" * 200_000 + b"}",
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_cannot_be_read_is_refused_and_nothing_is_stored(
    client: httpx.Client, user: User, name: str
) -> None:
    answer = client.post("users/me/responses", content=NOT_JSON[name])

    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert_nothing_is_stored(user)


def test_what_is_not_said_to_be_json_is_refused(client: httpx.Client, user: User) -> None:
    answer = client.post("users/me/responses", data={"response": "x"})

    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]
    assert_nothing_is_stored(user)


def large_body(size: int) -> bytes:
    body = json.dumps({"response": note("x")}).encode()
    return body + b" " * (size - len(body))


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 16_384):
        yield body[start : start + 16_384]


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "chunked"])
def test_a_body_over_the_limit_is_413_and_nothing_is_stored(
    client: httpx.Client, user: User, *, is_chunked: bool
) -> None:
    body = large_body(300 * 1024)

    answer = client.post("users/me/responses", content=in_chunks(body) if is_chunked else body)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "256 KiB" in answer.json()["detail"]
    assert_nothing_is_stored(user)


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "chunked"])
def test_a_body_at_the_limit_is_taken(client: httpx.Client, *, is_chunked: bool) -> None:
    body = large_body(256 * 1024)
    headers = {"Content-Type": "application/json"}

    answer = client.post(
        "users/me/responses", content=in_chunks(body) if is_chunked else body, headers=headers
    )

    assert answer.status_code == 202, answer.text


def test_the_limit_holds_for_those_who_are_not_signed_in(anyone: httpx.Client) -> None:
    assert anyone.post("messages", content=large_body(300 * 1024)).status_code == 413


# What has the right shape is stored, and ends rejected

REJECTED = {
    "10,000 items": response_of(update_who_you_are={"who_you_are": ["x"] * 10_000}),
    "a blank text": response_of(add_user_note={"note": "  "}),
    "a text too long": response_of(add_user_note={"note": "x" * 4_001}),
    "an id that is none": response_of(set_current_identity={"identity_id": "the cook"}),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_right_shape_that_cannot_succeed_is_stored_and_ends_rejected(
    client: httpx.Client, user: User, name: str
) -> None:
    if "who_you_are" in json.dumps(REJECTED[name]):
        user.coach_state.change(current_phase="identity_warm_up")
    if "identity_id" in json.dumps(REJECTED[name]):
        user.coach_state.change(current_phase="identity_refinement")

    answer = post(client, REJECTED[name])
    run(user)

    assert answer.status_code == 202, answer.text
    (action,) = client.get("actions").json()["items"]
    assert action["status"] == "rejected", action
    assert action["error"]["kind"] in {"invalid_params", "not_found"}
    assert action["error"]["message"]


def test_errors_are_problems_whoever_makes_them(web: WebProcess, client: httpx.Client) -> None:
    answers = [
        (client.get("nothing-here"), 404),
        (client.get(""), 404),
        (client.delete("messages"), 405),
        (client.post("events"), 405),
        (client.get("messages", headers={"Host": "elsewhere.example"}), 400),
        (client.get("events", headers={"Host": "elsewhere.example"}), 400),
        (client.get("actions/xyz"), 404),
        (client.get("admin/stats"), 403),
        (client.get("messages", headers={"Authorization": "Bearer wrong"}), 401),
        (client.get("events", headers={"Authorization": "Bearer wrong"}), 401),
    ]

    for answer, status in answers:
        assert answer.status_code == status, answer.request
        assert answer.headers["content-type"] == "application/problem+json", answer.request
        assert answer.json()["status"] == status
        assert answer.json()["title"]
        assert answer.json()["detail"]
    assert "GET" in client.delete("messages").headers["allow"]
