"""Actions that the coach wanted and that were not accepted: told on the page, in the list and to the model."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.apps.actions.models import Action
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.testing.model_server.script import Step
from server.testing.perform import drain
from tests.api.stream import stream
from tests.api.web import WebProcess
from tests.model_coach.played import Model

SAID = "I will write that down."
BLANK = 'The parameter "note" is blank.'
NOT_ALLOWED = '"Archive an identity" is not allowed in the phase Introduction.'
UNKNOWN = 'There is no action "dance".'
WITH_THE_OTHERS = "Left out, because something else in the coach's answer could not be accepted."
WANTED = {
    "message": SAID,
    "dance": {"params": {"step": "\x00"}},
    "archive_identity": {"params": {"identity_id": "1"}},
    "transition_phase": {"params": {"to_phase": "get_to_know_you"}},
    "add_user_note": {"params": {"note": "x" * 40_000}},
}


@pytest.fixture(scope="module")
def model_web(models: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    log = tmp_path_factory.mktemp("left-out") / "web.log"
    with WebProcess(log, {**models.server.environment, "COACH_SETTLE_S": "4"}) as process:
        yield process


@pytest.fixture
def page(model_web: WebProcess, user: User) -> Iterator[httpx.Client]:
    with model_web.client_of(user) as client:
        yield client


def say(page: httpx.Client, content: str = "The roses bloom.") -> dict[str, Any]:
    answer = page.post("messages", json={"content": content})
    answer.raise_for_status()
    message: dict[str, Any] = answer.json()["coach_message"]
    return message


def blank_note(**others: object) -> Step:
    return Step(raw=json.dumps({"message": SAID, "add_user_note": {"params": {"note": " "}}, **others}))


def test_it_is_refused_with_a_reason_in_the_answer_the_event_and_the_list(
    page: httpx.Client, user: User, models: Model
) -> None:
    models.does(blank_note())
    with stream(page) as events:
        answered = say(page)
        told = events.next()
        while told.event != "message" or told.data["message"]["role"] != "coach":
            told = events.next()

    (action,) = answered["actions"]
    assert (action["status"], action["result_summary"]) == ("rejected", BLANK)
    assert action["error"] == {"kind": "invalid_params", "message": BLANK}
    assert (action["attempt"], action["started_at"]) == (0, None)
    assert action["finished_at"] is not None
    assert told.data["message"]["actions"] == [action]
    assert page.get("actions").json()["items"] == [action]
    assert answered["content"] == SAID


def test_the_next_prompt_tells_the_model_why(page: httpx.Client, models: Model) -> None:
    models.does(blank_note())
    say(page)
    models.does(Step(answer={"message": "I see."}))
    say(page, "Did you?")
    assert models.outcomes_told == [[{"action": "add_user_note", "outcome": "rejected", "reason": BLANK}]]


def test_each_one_has_a_reason_of_its_own(page: httpx.Client, user: User, models: Model) -> None:
    models.does(Step(raw=json.dumps(WANTED), piece=1_000))
    actions = say(page)["actions"]
    assert [(one["action_type"], one["error"]["kind"], one["result_summary"]) for one in actions] == [
        ("archive_identity", "not_allowed", NOT_ALLOWED),
        ("transition_phase", "conflict", WITH_THE_OTHERS),
        ("add_user_note", "conflict", WITH_THE_OTHERS),
        ("dance", "unknown_action", UNKNOWN),
    ]
    assert [one["position"] for one in actions] == [0, 1, 2, 3]
    assert [one["parameters"] for one in actions] == [
        {"identity_id": "1"},
        {"to_phase": "get_to_know_you"},
        {},  # too long to be kept
        {},
    ]


def test_it_never_runs_and_what_comes_after_it_does(page: httpx.Client, user: User, models: Model) -> None:
    models.does(blank_note(transition_phase={"params": {"to_phase": "get_to_know_you"}}))
    say(page)
    good = {"message": SAID, "add_user_note": {"params": {"note": "Likes roses"}}}
    models.does(Step(answer=good))
    say(page, "Once more, please.")
    drain(user)

    rows = list(Action.objects.filter(user=user).order_by("seq"))
    assert [(str(row.action_type), row.status, row.attempt) for row in rows] == [
        ("transition_phase", ActionStatus.REJECTED, 0),
        ("add_user_note", ActionStatus.REJECTED, 0),
        ("add_user_note", ActionStatus.SUCCEEDED, 1),
    ]
    assert page.get("coach-state").json()["current_phase"] == "introduction"
    assert [one.note for one in UserNote.objects.filter(user=user)] == ["Likes roses"]
