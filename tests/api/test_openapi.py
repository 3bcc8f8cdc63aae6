"""The API's description of itself."""

import re
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from server.enums.action_type import ActionType
from server.enums.coach_failure_kind import CoachFailureKind
from server.enums.event_kind import EventKind
from tests.api.web import WebProcess

PROMISED = {
    ("post", "auth/signup"),
    ("post", "auth/login"),
    ("post", "auth/logout"),
    ("get", "auth/session"),
    ("post", "messages"),
    ("get", "messages"),
    ("post", "users/{user_id}/responses"),
    ("get", "actions"),
    ("get", "actions/{action_id}"),
    ("get", "coach-state"),
    ("get", "identities"),
    ("get", "user-notes"),
    ("get", "events"),
    ("post", "chat/reset"),
    ("get", "admin/actions"),
    ("post", "admin/actions/{action_id}/retry"),
    ("post", "admin/actions/{action_id}/cancel"),
    ("get", "admin/stats"),
}


@pytest.fixture(scope="module")
def document(web: WebProcess) -> dict[str, Any]:
    answer = httpx.get(f"{web.url}/api/v1/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    parsed: dict[str, Any] = answer.json()
    return parsed


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_it_names_everything_that_is_promised(document: dict[str, Any]) -> None:
    described = {
        (method, path.removeprefix("/api/v1/"))
        for path, methods in document["paths"].items()
        for method in methods
    }

    assert described >= PROMISED, PROMISED - described


def test_a_problem_says_why_the_coach_did_not_answer(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]
    assert problem["properties"]["kind"]["enum"] == [kind.value for kind in CoachFailureKind]
    assert "kind" not in problem["required"]


def test_every_operation_says_how_errors_look(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_every_action_is_described(document: dict[str, Any]) -> None:
    described = document["components"]["schemas"]["CoachChatResponse"]["properties"]

    assert described.keys() == {"message", *ActionType}


def test_the_shapes_bear_the_names_of_the_contract(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"].keys() >= {
        "Message",
        "Action",
        "Identity",
        "CoachState",
        "UserNote",
    }


EVENTS = {
    "HelloEvent": {"cursor"},
    "ActionEvent": {"action"},
    "RunningEvent": {"action"},
    "CoachStateEvent": {"coach_state", "identities"},
    "MessageEvent": {"message"},
    "ResetEvent": set(),
}


def test_the_data_of_every_event_is_described_and_named_where_the_stream_is(document: dict[str, Any]) -> None:
    described = document["components"]["schemas"]

    for name, fields in EVENTS.items():
        assert described[name].get("properties", {}).keys() == fields
        assert name in document["paths"]["/api/v1/events"]["get"]["description"]
    assert {event.removesuffix("Event").lower() for event in EVENTS} >= {
        kind.value.replace("_", "") for kind in EventKind
    }


@pytest.mark.parametrize("name", ["Action", "Message", "Identity", "CoachState", "SessionState", *EVENTS])
def test_what_is_sent_has_all_its_fields_always(document: dict[str, Any], name: str) -> None:
    described = document["components"]["schemas"][name]

    assert set(described.get("required", ())) == described.get("properties", {}).keys()


SHOWS_A_MOMENT = ["messages", "actions", "actions/{action_id}", "coach-state", "identities", "user-notes"]


@pytest.mark.parametrize("path", SHOWS_A_MOMENT)
def test_what_shows_a_moment_says_in_which_header(document: dict[str, Any], path: str) -> None:
    answers = document["paths"][f"/api/v1/{path}"]["get"]["responses"]

    assert answers["200"]["headers"]["Events-Cursor"]["required"]


def test_the_pages_take_nothing_from_elsewhere(web: WebProcess) -> None:
    page = httpx.get(f"{web.url}/api/v1/docs")

    assert page.status_code == 200
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert assets
    for asset in assets:
        assert asset.startswith("/"), asset
        assert httpx.get(web.url + asset).status_code == 200, asset
