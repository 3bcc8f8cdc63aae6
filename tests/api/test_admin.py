"""Operating the queue over HTTP."""

import uuid
from datetime import datetime

import httpx
import pytest

from server.apps.actions.models import Action, OperatorEntry
from server.apps.users.models import User
from tests.api.work import accept, note, run


def status_of(action: Action) -> str:
    action.refresh_from_db()
    return str(action.status)


def test_an_ended_action_is_queued_again_and_audited(staff_client: httpx.Client, user: User) -> None:
    action = accept(user, note("likes tea")).actions[0]
    run(user)

    answer = staff_client.post(f"admin/actions/{action.id}/retry")

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "queued"
    assert answer.json()["email"] == user.email
    action.refresh_from_db()
    assert datetime.fromisoformat(answer.json()["due_at"]) == action.due_at
    run(user)
    assert status_of(action) == "skipped"
    entry = OperatorEntry.objects.get(action=action)
    assert (entry.verb, entry.from_status) == ("retry", "succeeded")
    assert "@" in entry.operator


def test_a_waiting_action_is_cancelled_and_the_lane_goes_on(staff_client: httpx.Client, user: User) -> None:
    first, second = (accept(user, note(text)).actions[0] for text in ("one", "two"))

    assert staff_client.post(f"admin/actions/{first.id}/cancel").json()["status"] == "cancelled"

    run(user)
    assert status_of(second) == "succeeded"


def test_a_running_action_can_be_neither_retried_nor_cancelled(
    staff_client: httpx.Client, user: User
) -> None:
    action = accept(user, note("likes tea")).actions[0]
    Action.objects.claim(action.id, lease_s=60)

    for verb in ("retry", "cancel"):
        answer = staff_client.post(f"admin/actions/{action.id}/{verb}")
        assert answer.status_code == 409
        assert "is running" in answer.json()["detail"]
    assert status_of(action) == "running"


def test_a_waiting_action_is_not_retried(staff_client: httpx.Client, user: User) -> None:
    action = accept(user, note("likes tea")).actions[0]

    answer = staff_client.post(f"admin/actions/{action.id}/retry")

    assert answer.status_code == 409
    assert "is queued" in answer.json()["detail"]


def test_an_ended_action_is_not_cancelled(staff_client: httpx.Client, user: User) -> None:
    action = accept(user, note("likes tea")).actions[0]
    run(user)

    answer = staff_client.post(f"admin/actions/{action.id}/cancel")

    assert answer.status_code == 409
    assert "has ended" in answer.json()["detail"]


def test_actions_are_found_by_email_status_and_type(staff_client: httpx.Client, user: User) -> None:
    accept(user, note("one"))
    accept(user, note("two"))
    Action.objects.cancel(Action.objects.filter(user=user).latest("seq"), operator="the test")

    def found(**params: str) -> list[str]:
        items = staff_client.get("admin/actions", params={"email": user.email.upper(), **params}).json()[
            "items"
        ]
        return [item["status"] for item in items]

    assert found() == ["cancelled", "queued"]
    assert found(status="queued") == ["queued"]
    assert found(action_type="transition_phase") == []
    assert staff_client.get("admin/actions", params={"email": "nobody@example.org"}).json()["items"] == []


def test_the_numbers_tell_how_the_queue_stands(staff_client: httpx.Client, user: User) -> None:
    before = staff_client.get("admin/stats").json()
    accept(user, note("one"))

    after = staff_client.get("admin/stats").json()

    assert after["actions"]["queued"] == before["actions"].get("queued", 0) + 1
    assert after["lanes_open"] == before["lanes_open"] + 1
    assert after["oldest_waiting_s"] >= 0


@pytest.mark.parametrize("action_id", ["none", uuid.uuid4()])
def test_an_action_that_is_not_there_is_404(staff_client: httpx.Client, action_id: object) -> None:
    assert staff_client.post(f"admin/actions/{action_id}/retry").status_code == 404
    assert staff_client.post(f"admin/actions/{action_id}/cancel").status_code == 404


@pytest.mark.parametrize("path", ["admin/stats", "admin/actions"])
def test_only_staff_may_look(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_only_staff_may_act(client: httpx.Client, anyone: httpx.Client, user: User, verb: str) -> None:
    action = accept(user, note("one")).actions[0]

    assert client.post(f"admin/actions/{action.id}/{verb}").status_code == 403
    assert anyone.post(f"admin/actions/{action.id}/{verb}").status_code == 401
    assert status_of(action) == "queued"
