"""The library of scenarios, over HTTP."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from tests.api.work import accept, note, run
from tests.contracts.sources import ROOT
from tests.scenarios.test_loading import asking, scenario

LIBRARY = ROOT / "scenarios"
PATH = "admin/scenarios"
NO_TEXT = r'{"format": 1, "name": "x", "expect": {"user_notes": [{"note": "\u0000"}]}}'
"""No database keeps it."""


@pytest.fixture
def name() -> str:
    """One that no other test has: the database is shared."""
    return f"Keeps a note {uuid4().hex[:8]}"


def keeps_a_note(name: str, **fields: Any) -> dict[str, Any]:
    return scenario(
        name=name, turns=[{"user": "Tea, please.", **asking("add_user_note", note="Likes tea.")}], **fields
    )


def post(client: httpx.Client, content: object, **parameters: Any) -> httpx.Response:
    return client.post(PATH, content=json.dumps(content), params=parameters)


def listed(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get(PATH, params={"limit": 200, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_a_file_is_kept_and_shown(staff_client: httpx.Client, name: str) -> None:
    answer = post(staff_client, keeps_a_note(name, description="A cup."))

    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["name"], kept["description"], kept["turns"], kept["actions"]) == (name, "A cup.", 1, 1)
    assert "@" in kept["added_by"]
    assert kept in listed(staff_client)
    shown = staff_client.get(f"{PATH}/{kept['id']}").json()
    assert shown.pop("content") == keeps_a_note(name, description="A cup.")
    assert shown == kept


@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.json")), ids=lambda file: file.stem)
def test_a_kept_file_comes_back_as_it_was(staff_client: httpx.Client, file: Path) -> None:
    content = json.loads(file.read_text())
    content["name"] = f"{content['name']} {uuid4().hex[:8]}"
    kept = post(staff_client, content).json()
    assert staff_client.get(f"{PATH}/{kept['id']}").json()["content"] == content


def test_the_message_of_a_kept_response_comes_first(staff_client: httpx.Client, name: str) -> None:
    kept = post(staff_client, keeps_a_note(name)).json()
    (turn,) = staff_client.get(f"{PATH}/{kept['id']}").json()["content"]["turns"]
    assert next(iter(turn["response"])) == "message"


def test_two_of_one_name_are_refused_unless_one_is_to_go(staff_client: httpx.Client, name: str) -> None:
    first = post(staff_client, keeps_a_note(name)).json()

    again = post(staff_client, keeps_a_note(name, description="Anew."))
    assert again.status_code == 409
    assert again.json()["detail"].startswith(f"There is a scenario {name!r} already")
    assert staff_client.get(f"{PATH}/{first['id']}").json()["description"] == ""

    replaced = post(staff_client, keeps_a_note(name, description="Anew."), replace="true")
    assert replaced.status_code == 200
    assert replaced.json()["id"] == first["id"]
    assert staff_client.get(f"{PATH}/{first['id']}").json()["description"] == "Anew."


def test_what_is_wrong_is_told_with_line_and_place(staff_client: httpx.Client, name: str) -> None:
    wrong = scenario(name=name, turns=[{"user": " "}, asking("add_user_note", note=1)])

    answer = staff_client.post(PATH, content=json.dumps(wrong, indent=2), params={"file": "tea.json"})

    assert answer.status_code == 422
    told = [error["msg"] for error in answer.json()["errors"]]
    assert any(line.startswith("tea.json:") and "turns.0.user: it is blank" in line for line in told), told
    assert not TestScenario.objects.filter(name=name).exists()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the scenario:1: this is not JSON"),
        (b"\xff\xfe", "the scenario:1: this is not UTF-8"),
        (b"[" * 100_000, "the scenario: it is nested too deeply."),
        (b"[]", "this is no object"),
        (NO_TEXT.encode(), "expect.user_notes.0.note"),
        (NO_TEXT.replace("0000", "d800").encode(), "expect.user_notes.0.note"),
    ],
    ids=["nothing", "no text", "deep", "a list", "a null character", "half a character"],
)
def test_what_is_no_scenario_is_refused(staff_client: httpx.Client, body: bytes, told: str) -> None:
    answer = staff_client.post(PATH, content=body)
    assert answer.status_code == 422
    assert told in answer.json()["errors"][0]["msg"]


def test_a_file_may_be_larger_than_other_bodies_and_no_larger_than_that(
    staff_client: httpx.Client, name: str
) -> None:
    large = keeps_a_note(name, start={"messages": [{"role": "user", "content": "x" * 3_900}] * 300})
    assert post(staff_client, large).status_code == 201
    assert staff_client.post(PATH, content=b" " * (2 * 2**20 + 1)).status_code == 413


def test_a_scenario_is_taken_out(staff_client: httpx.Client, name: str) -> None:
    kept = post(staff_client, keeps_a_note(name)).json()
    assert staff_client.delete(f"{PATH}/{kept['id']}").status_code == 204
    assert staff_client.get(f"{PATH}/{kept['id']}").status_code == 404
    assert staff_client.delete(f"{PATH}/{kept['id']}").status_code == 404
    assert kept not in listed(staff_client)


def test_the_list_comes_in_parts(staff_client: httpx.Client, name: str) -> None:
    for number in range(3):
        post(staff_client, keeps_a_note(f"{name} {number}"))
    first = staff_client.get(PATH, params={"limit": 2}).json()
    second = staff_client.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    names = [one["name"] for one in (*first["items"], *second["items"])]
    assert len(set(names)) == len(names) >= 3
    assert [one["name"] for one in listed(staff_client)][: len(names)] == names


def test_the_list_goes_on_after_any_name(staff_client: httpx.Client) -> None:
    """A cursor has the name in it, however long and in whatever letters."""
    longest = ["ж", "字", "\U0001f331"]
    names = [f"{letter}{uuid4().hex[:8]}".ljust(255, letter) for letter in longest]
    for one in names:
        assert post(staff_client, keeps_a_note(one)).status_code == 201
    found: list[str] = []
    cursor = None
    while not set(names) <= set(found):
        page = staff_client.get(PATH, params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
        assert cursor or set(names) <= set(found)


def test_nobody_but_staff_sees_it(client: httpx.Client, anyone: httpx.Client, name: str) -> None:
    for who, status in ((client, 403), (anyone, 401)):
        assert who.get(PATH).status_code == status
        assert post(who, keeps_a_note(name)).status_code == status
        assert who.get(f"{PATH}/{uuid4()}").status_code == status
        assert who.delete(f"{PATH}/{uuid4()}").status_code == status
        assert who.post(f"{PATH}/freeze", json={"email": "a@example.org"}).status_code == status


# Freezing


def test_a_conversation_is_frozen_into_the_library(staff_client: httpx.Client, user: User, name: str) -> None:
    accept(user, note("likes tea"))
    run(user)

    answer = staff_client.post(f"{PATH}/freeze", json={"email": user.email, "name": name})

    assert answer.status_code == 201, answer.text
    frozen = answer.json()
    assert frozen["scenario"]["name"] == name
    assert (frozen["scenario"]["turns"], frozen["scenario"]["actions"]) == (1, 1)
    assert "@" in frozen["scenario"]["added_by"]
    assert frozen["remarks"] == []
    content = TestScenario.objects.get(id=UUID(frozen["scenario"]["id"])).content
    assert "likes tea" not in json.dumps(content)


def test_real_names_are_kept_where_that_is_asked_for(
    staff_client: httpx.Client, user: User, name: str
) -> None:
    accept(user, note("likes tea"))
    run(user)
    order = {"email": user.email, "name": name, "real_names": True}
    frozen = staff_client.post(f"{PATH}/freeze", json=order).json()
    content = TestScenario.objects.get(id=UUID(frozen["scenario"]["id"])).content
    assert content["expect"]["user_notes"] == [{"note": "likes tea"}]


def test_one_that_was_frozen_before_is_replaced_where_that_is_asked_for(
    staff_client: httpx.Client, user: User
) -> None:
    accept(user, note("likes tea"))
    run(user)
    order = {"email": user.email}
    first = staff_client.post(f"{PATH}/freeze", json=order).json()["scenario"]
    accept(user, note("and coffee"))
    run(user)

    again = staff_client.post(f"{PATH}/freeze", json=order)
    assert again.status_code == 409
    assert again.json()["detail"].startswith(f"There is a scenario {first['name']!r} already")

    replaced = staff_client.post(f"{PATH}/freeze", json={**order, "replace": True}).json()["scenario"]
    assert (replaced["id"], replaced["turns"]) == (first["id"], first["turns"] + 1)


def test_why_a_conversation_cannot_be_frozen_is_told(staff_client: httpx.Client, user: User) -> None:
    for email, told in (
        (user.email, "has no messages"),
        ("--help", "No user has the email"),
        ("nobody@example.org", "No user has the email"),
    ):
        answer = staff_client.post(f"{PATH}/freeze", json={"email": email})
        assert answer.status_code == 422
        assert told in answer.json()["detail"], answer.text
