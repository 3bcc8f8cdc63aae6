"""A turn over HTTP, with a model that a stand-in plays: what the page is told meanwhile, and what may go wrong."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.enums.coach_failure_kind import CoachFailureKind
from server.enums.message_role import MessageRole
from server.services.coach.failure import SENTENCES
from server.testing.model_server.script import Step
from tests.api.stream import EventReader, Received, stream
from tests.api.web import WebProcess
from tests.api.work import accept, contents, note, run
from tests.conftest import MakeUser
from tests.model_coach.played import Model
from tests.processes import wait_until

LONG = "You said that the roses bloom at night. What did you feel when you saw them? "
SETTLE_S = 4


@pytest.fixture(scope="module")
def model_web(models: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    environment = {
        **models.server.environment,
        "COACH_SETTLE_S": str(SETTLE_S),
        "COACH_ANSWER_TIMEOUT_S": "20",
        "COACH_STALL_TIMEOUT_S": "4",
    }
    with WebProcess(tmp_path_factory.mktemp("turns") / "web.log", environment) as process:
        yield process


@pytest.fixture
def page(model_web: WebProcess, user: User) -> Iterator[httpx.Client]:
    """A program of the user's."""
    with model_web.client_of(user) as client:
        yield client


@pytest.fixture
def other_page(model_web: WebProcess, make_user: MakeUser) -> Iterator[httpx.Client]:
    """A program of somebody else's."""
    with model_web.client_of(make_user()) as client:
        yield client


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def say(page: httpx.Client, content: str = "The roses bloom.", key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return page.post("messages", json={"content": content}, headers=headers)


def until_over(events: EventReader) -> list[Received]:
    """The events up to the end of what the coach was writing."""
    told = [events.next()]
    while told[-1].event != "message_delta" or not told[-1].data["is_over"]:
        told.append(events.next())
    return told


def shown(told: list[Received]) -> str:
    """What a page shows of the pieces."""
    text = ""
    for event in told:
        if event.event == "message_delta":
            text = text[: event.data["start"]] + event.data["text"]
    return text


# While it is written


def test_the_message_is_told_while_it_is_written_and_whole_in_the_end(
    page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    model.does(Step(answer={"message": LONG}, piece=8, delay=0.03))
    with stream(page) as events, model.writing() as go_on:
        answer = aside.submit(say, page)
        _, users, first = events.take(3)
        assert not answer.done()
        go_on()
        told = [first, *until_over(events)]

    assert (users.event, users.data["message"]["role"]) == ("message", "user")
    pieces = [event for event in told if event.event == "message_delta"]
    assert len(pieces) > 5
    assert {event.id for event in pieces} == {None}
    assert {event.data["user_message_id"] for event in pieces} == {users.data["message"]["id"]}
    assert shown(told) == LONG
    *_, whole, over = told
    assert whole.data["message"]["content"] == LONG
    assert over.data["is_over"]
    assert answer.result().json()["coach_message"]["id"] == whole.data["message"]["id"]


def test_a_page_that_is_opened_meanwhile_is_told_what_was_written_before(
    page: httpx.Client, model: Model, aside: ThreadPoolExecutor
) -> None:
    model.does(Step(answer={"message": LONG}, piece=8, delay=0.03))
    with stream(page) as early, model.writing() as go_on:
        aside.submit(say, page)
        told = early.take(3)
        while len(shown(told)) < len(LONG) // 3:
            told.append(early.next())
        with stream(page) as late:
            _, first = late.take(2)
            assert (first.event, first.data["start"]) == ("message_delta", 0)
            assert first.data["text"].startswith(shown(told))
            go_on()
            assert shown([first, *until_over(late)]) == LONG


def test_what_is_written_anew_takes_the_place_of_what_was_told(
    page: httpx.Client, user: User, model: Model
) -> None:
    model.does(
        Step(answer={"message": "A first try, which the line will cut."}, piece=6, delay=0.03, cut=6),
        Step(answer={"message": LONG}),
    )
    with stream(page) as events:
        say(page).raise_for_status()
        told = until_over(events)

    assert "A first" in "".join(event.data["text"] for event in told if event.event == "message_delta")
    assert shown(told) == LONG
    assert contents(user) == ["The roses bloom.", LONG]


def test_nobody_elses_page_is_told(
    page: httpx.Client, model_web: WebProcess, model: Model, make_user: MakeUser
) -> None:
    other = make_user()
    with model_web.client_of(other) as theirs, stream(theirs) as events:
        say(page).raise_for_status()
        accept(other, note("likes tea"))
        assert [event.event for event in events.take(2)] == ["hello", "message"]


# What goes wrong

FAILURES = {
    "refusal": Step(refuse="I would rather not."),
    "truncated": Step(answer={"message": LONG}, truncated=3),
    "invalid_response": Step(raw="{'no': json"),
    "timeout": Step(answer={"message": LONG}, stall=10),
    "rate_limit": Step(rate_limit=30),
    "unavailable": Step(status=500),
    "wrong_key": Step(status=401),
    "wrong_model": Step(status=404),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_has_a_kind_and_a_sentence_and_loses_nothing(
    page: httpx.Client, user: User, model: Model, kind: str
) -> None:
    model.does(FAILURES[kind])
    with stream(page) as events:
        failed = say(page, key="one")
        assert [event.event for event in events.take(2)] == ["hello", "message"]

    problem = failed.json()
    assert (failed.status_code, problem["kind"]) == (503, kind)
    assert problem["detail"] == SENTENCES[CoachFailureKind(kind)]
    assert failed.headers.get("Retry-After") == ("30" if kind == "rate_limit" else None)
    assert contents(user) == ["The roses bloom."]

    model.does(Step(answer={"message": "Now I can."}))
    say(page, key="one").raise_for_status()
    assert contents(user) == ["The roses bloom.", "Now I can."]


def test_what_was_written_of_an_answer_that_fails_is_taken_back(page: httpx.Client, model: Model) -> None:
    model.does(FAILURES["timeout"])
    with stream(page) as events:
        assert say(page).status_code == 503
        _, users = events.take(2)
        told = until_over(events)
    assert shown(told[:-1])
    assert told[-1].data["user_message_id"] == users.data["message"]["id"]


def test_a_turn_whose_client_goes_away_is_finished(
    page: httpx.Client, user: User, model: Model, model_web: WebProcess
) -> None:
    with model_web.client_of(user, timeout=0.5) as hasty, model.thinking() as answer:
        with pytest.raises(httpx.ReadTimeout):
            say(hasty)
        answer()
        wait_until(lambda: contents(user) == ["The roses bloom.", "I see."], "the turn is finished")


# One turn at a time


def test_what_is_said_while_the_coach_answers_waits_its_turn(
    page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    with model.thinking() as answer:
        first = aside.submit(say, page, "one")
        wait_until(lambda: contents(user) == ["one"], "the first is stored")
        second = aside.submit(say, page, "two")
        answer()
        assert [first.result().status_code, second.result().status_code] == [201, 201]
    assert contents(user) == ["one", "I see.", "two", "I see."]


def test_a_chat_that_was_reset_does_not_wait_for_the_turn_of_before(
    page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    with model.thinking() as answer:
        old = aside.submit(say, page, "of before")
        wait_until(lambda: contents(user) == ["of before"], "the turn is under way")
        page.post("chat/reset").raise_for_status()
        new = aside.submit(say, page, "of now")
        wait_until(lambda: contents(user) == ["of now"], "the new turn is under way")
        answer()
        assert (old.result().status_code, new.result().status_code) == (409, 201)
    assert contents(user) == ["of now", "I see."]


def test_a_reset_ends_the_request_to_the_model_that_writes(
    page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    model.does(Step(answer={"message": LONG}, piece=1, delay=0.25))
    with stream(page) as events:
        turn = aside.submit(say, page, "of before")
        while events.next().event != "message_delta":
            pass
        page.post("chat/reset").raise_for_status()
        assert turn.result().status_code == 409
    assert contents(user) == []
    wait_until(lambda: model.server.requests[-1].outcome == "gone", "the model is told to stop")


# What the coach is told of what it did


def outcomes(model: Model) -> list[str]:
    return [told["outcome"] for of_message in model.outcomes_told for told in of_message]


def begin_to_wait(turn: Future[httpx.Response], text: str, model: Model, others: httpx.Client) -> None:
    """Until a turn has begun, and another one that began later was answered: this one waits for its actions."""
    wait_until(lambda: ChatMessage.objects.filter(content=text).exists(), "the turn has begun")
    say(others).raise_for_status()
    assert not any(text in request.told for request in model.server.requests)
    assert not turn.done()


def test_what_the_coach_asked_for_is_waited_for_and_told_as_done(
    page: httpx.Client, other_page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    accept(user, note("likes tea"))
    accept(user, note("likes roses"))
    turn = aside.submit(say, page, "Do you remember?")
    begin_to_wait(turn, "Do you remember?", model, other_page)
    run(user)
    assert turn.result().status_code == 201
    assert outcomes(model) == ["done", "done"]


def test_what_is_still_open_after_a_while_is_told_as_open(
    page: httpx.Client, other_page: httpx.Client, user: User, model: Model, aside: ThreadPoolExecutor
) -> None:
    accept(user, note("likes tea"))
    turn = aside.submit(say, page, "Have you noted it?")
    begin_to_wait(turn, "Have you noted it?", model, other_page)
    assert turn.result().status_code == 201
    assert Action.objects.get(user=user).status == "queued"
    assert outcomes(model) == ["open"]


# What it took


def test_what_an_answer_took_is_kept_with_it(page: httpx.Client, user: User, model: Model) -> None:
    say(page).raise_for_status()
    answer: Any = ChatMessage.objects.get(user=user, role=MessageRole.COACH)
    assert answer.input_tokens > answer.cached_input_tokens >= 0
    assert answer.output_tokens > 0
    assert answer.cost_usd > 0
    assert answer.model == "gpt-6.1-terra"
