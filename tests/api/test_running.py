"""A stream tells what runs: once, in its place among the events that have a number."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import httpx
import pytest
from django.db import OperationalError, connection

from server.apps.actions.models import Action
from server.apps.actions.queries import Claimed
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.error_kind import ErrorKind
from server.services.action_handler.retry import Transition
from server.services.action_queue.accept import accept_user_message
from server.services.event_stream import listen, running
from server.services.event_stream.listen import Listeners
from server.services.event_stream.running import Attempt
from server.services.event_stream.wake_up import wake_up
from tests.api.stream import EventReader, Received, stream
from tests.api.web import SOME_SIGN_IN, WebProcess
from tests.api.work import accept, note
from tests.conftest import MakeUser
from tests.processes import wait_until
from tests.queue.conftest import Hold, StartRole

LIMIT_S = 10.0
ENDED = Transition(status=ActionStatus.SUCCEEDED, result_summary="Done.")
FAILED = Transition(
    status=ActionStatus.RETRYING, error_kind=ErrorKind.EXCEPTION, error_message="It broke.", excused=True
)
GIVEN_BACK = Transition(status=ActionStatus.PARKED, error_message="Nobody knows how.")


def noted(user: User, text: str = "likes tea") -> Action:
    return accept(user, note(text)).actions[0]


def claim(action: Action) -> Claimed:
    claimed = Action.objects.claim(action.id, lease_s=60)
    assert claimed is not None
    return claimed


def finish(claimed: Claimed, transition: Transition = ENDED) -> None:
    """End the attempt, and wake the user's streams, as a worker does."""
    assert Action.objects.finish(claimed, transition)
    wake_up([claimed.user_id])


def told(event: Received) -> tuple[str, str | None, int | None]:
    """What an event says of an action, in short."""
    action = event.data.get("action", {})
    return event.event, action.get("status"), action.get("attempt")


def running_of(reader: EventReader) -> Received:
    """The next event, which must be of a running action."""
    event = reader.next()
    assert (event.event, event.id, event.data["action"]["status"]) == ("running", None, "running"), event
    return event


# A real worker


def test_an_attempt_of_a_busy_worker_is_told_between_what_came_before_and_its_end(
    client: httpx.Client, user: User, start: StartRole, busy: Hold
) -> None:
    start("worker")
    with stream(client, with_running=True) as events:
        with busy(user):
            client.post("users/me/responses", json={"response": note("likes tea")}).raise_for_status()
            seen = events.take(3)
            shown = client.get("actions").json()["items"][0]
        seen += events.take(2)

    assert [told(event) for event in seen] == [
        ("hello", None, None),
        ("message", None, None),
        ("running", "running", 1),
        ("action", "succeeded", 1),
        ("coach_state", None, None),
    ]
    assert seen[2].id is None
    assert seen[2].data == {"action": shown}


def test_every_stream_is_told_once_also_one_that_is_opened_later(
    web: WebProcess, user: User, start: StartRole, busy: Hold
) -> None:
    start("worker")
    with web.client_of(user) as client, stream(client, with_running=True) as first:
        with busy(user):
            client.post("users/me/responses", json={"response": note("likes tea")}).raise_for_status()
            assert [event.event for event in first.take(3)] == ["hello", "message", "running"]
            for _ in range(3):  # to each of these, what runs is told by a later look
                with stream(client, with_running=True) as later:
                    assert [event.event for event in later.take(2)] == ["hello", "running"]
        rest = first.take(2)

    assert [event.event for event in rest] == ["action", "coach_state"]


def test_what_runs_is_told_without_a_wake_up(client: httpx.Client, user: User) -> None:
    action = noted(user)
    with stream(client, with_running=True) as events:
        events.next()
        claimed = claim(action)
        assert running_of(events).data["action"]["id"] == str(action.id)
        finish(claimed)
        assert told(events.next()) == ("action", "succeeded", 1)


# In its place


def test_the_next_attempt_is_told_after_the_failure_of_the_one_before(
    client: httpx.Client, user: User
) -> None:
    action = noted(user)
    with stream(client, with_running=True) as events:
        events.next()
        for attempt in (1, 2, 3):
            claimed = claim(action)
            assert told(running_of(events)) == ("running", "running", attempt)
            finish(claimed, FAILED)
            failed = events.next()
            assert told(failed) == ("action", "retrying", attempt)
            assert failed.data["action"]["due_at"] is not None


def test_an_attempt_that_was_given_back_is_told_again(client: httpx.Client, user: User) -> None:
    action = noted(user)
    with stream(client, with_running=True) as events:
        events.next()
        for _ in range(2):
            claimed = claim(action)
            assert told(running_of(events)) == ("running", "running", 1)
            finish(claimed, GIVEN_BACK)
            assert told(events.next()) == ("action", "parked", 0)


def test_whoever_follows_the_stream_always_knows_where_an_action_stands(
    client: httpx.Client, user: User
) -> None:
    """However the looks fall between the claims and their ends: what is told of an action never goes back."""
    rounds, attempts = 25, 2
    chance = random.Random(4)
    seen: list[Received] = []

    def is_told(claimed: Claimed) -> bool:
        begun = [event.data["action"] for event in seen if event.event == "running"]
        return (str(claimed.id), claimed.attempt) in [(one["id"], one["attempt"]) for one in begun]

    def work() -> None:
        for _ in range(rounds):
            action = noted(user)
            for attempt in range(attempts):
                claimed = claim(action)
                if chance.random() < 0.5:
                    time.sleep(chance.choice([0, 0.01, 0.1]))  # so long the attempt takes, be it told or not
                else:
                    wait_until(partial(is_told, claimed), "the attempt is told")
                last = attempt == attempts - 1
                Action.objects.finish(claimed, ENDED if last else FAILED)
                if chance.random() < 0.7:  # else the wake-up is lost
                    wake_up([user.id])
        wake_up([user.id])
        connection.close()

    per_round = 1 + (attempts - 1) + 2  # the message, the failures, the end and the state
    with stream(client, with_running=True) as events:
        events.next()
        worker = threading.Thread(target=work)
        worker.start()
        while not seen or seen[-1].id != rounds * per_round:
            seen.append(events.next())
        worker.join()

    numbers = [event.id for event in seen if event.event != "running"]
    assert numbers == list(range(1, rounds * per_round + 1))
    stands: dict[str, tuple[str, int]] = {}
    for event in seen:
        if event.event in {"running", "action"}:
            action = event.data["action"]
            status, attempt = stands.get(action["id"], ("queued", 0))
            assert status in {"queued", "running", "retrying"}, (status, event)
            began = event.event == "running" or status != "running"
            assert action["attempt"] == attempt + began, (attempt, event)
            stands[action["id"]] = action["status"], action["attempt"]
    assert set(stands.values()) == {("succeeded", attempts)}


def test_a_client_that_catches_up_is_told_what_runs_at_the_end(client: httpx.Client, user: User) -> None:
    for number in range(120):  # more than one batch
        accept_user_message(user, str(number))
    claim(noted(user))

    with stream(client, after=0, with_running=True) as events:
        seen = events.take(123)

    assert [event.id for event in seen] == [None, *range(1, 122), None]
    assert seen[-1].event == "running"


# Whom


def test_a_user_is_told_of_nobody_else(client: httpx.Client, user: User, make_user: MakeUser) -> None:
    others = [claim(noted(make_user())) for _ in range(2)]
    with stream(client, with_running=True) as events:
        events.next()
        claim(noted(user))
        assert events.next().event == "message"
        assert running_of(events).data["action"]["id"] not in {str(other.id) for other in others}


def test_many_streams_are_told_at_once(web: WebProcess, user: User) -> None:
    count = 20
    clients = [web.client_of(user) for _ in range(count)]
    opened = threading.Barrier(count + 1)

    def follow(client: httpx.Client) -> list[str]:
        with client, stream(client, with_running=True) as events:
            events.next()
            opened.wait()
            return [event.event for event in events.take(2)]

    with ThreadPoolExecutor(count) as pool:
        following = [pool.submit(follow, client) for client in clients]
        opened.wait()
        claim(noted(user))
        assert [future.result() for future in following] == [["message", "running"]] * count


# The looks


@contextmanager
def looks(monkeypatch: pytest.MonkeyPatch, look: Callable[[], list[Attempt]]) -> Iterator[list[float]]:
    """Lets the listeners look by `look`; says when they did."""
    times: list[float] = []

    def noted_look() -> list[Attempt]:
        times.append(time.monotonic())
        return look()

    with monkeypatch.context() as patch:
        patch.setattr(listen, "attempts_under_way", noted_look)
        patch.setattr(listen, "WATCH_S", 0.01)
        patch.setattr(listen, "LOOK_WHILE_DEAF_S", 0.02)
        yield times


def test_nothing_is_asked_while_no_stream_is_open(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    async def listen_for(times: list[float]) -> None:
        listeners = Listeners()
        async with listeners.running(), asyncio.timeout(LIMIT_S):
            await asyncio.sleep(0.2)
            assert times == []
            with (
                listeners.listening(user.id, cursor=0, sign_in=SOME_SIGN_IN),
                listeners.listening(user.id, cursor=0, sign_in=SOME_SIGN_IN),
            ):
                await asyncio.to_thread(wait_until, lambda: len(times) > 3, "it looks")

    with looks(monkeypatch, running.attempts_under_way) as times:
        asyncio.run(listen_for(times))


@pytest.mark.parametrize("error", [OperationalError, RuntimeError])
def test_what_runs_is_told_again_after_any_error_and_an_outage_is_logged_once(
    user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    action = noted(user)
    claim(action)
    errors = [error("it is away") for _ in range(5)]

    def look() -> list[Attempt]:
        if errors:
            raise errors.pop()
        return running.attempts_under_way()

    async def wait() -> Action | None:
        listeners = Listeners()
        with listeners.listening(user.id, cursor=1, sign_in=SOME_SIGN_IN) as ear:
            async with listeners.running(), asyncio.timeout(LIMIT_S):
                while (found := ear.take_running()) is None:
                    ear.forget()
                    await ear.wait()
        return found

    with caplog.at_level(logging.WARNING), looks(monkeypatch, look):
        assert asyncio.run(wait()) == action

    assert not errors
    if error is OperationalError:
        assert caplog.text.count("are not told what runs") == 1


def test_what_is_seen_is_told_neither_before_what_came_first_nor_after_what_came_later(user: User) -> None:
    action = noted(user)
    claim(action)
    (attempt,) = [one for one in running.attempts_under_way() if one.user_id == user.id]
    (sighting,) = running.sightings_of([attempt])
    listeners = Listeners()
    with listeners.listening(user.id, cursor=sighting.cursor - 1, sign_in=SOME_SIGN_IN) as ear:
        ear.sight(sighting)
        assert ear.take_running() is None
        ear.cursor = sighting.cursor
        assert ear.take_running() == action
        ear.sight(sighting)
        assert ear.take_running() is None
    with listeners.listening(user.id, cursor=sighting.cursor, sign_in=SOME_SIGN_IN) as ear:
        ear.sight(sighting)
        ear.cursor += 1
        assert ear.take_running() is None
        ear.cursor -= 1
        assert ear.take_running() is None
        ear.sight(sighting)
        assert ear.take_running() == action


def test_the_look_reads_the_index_of_what_runs(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            cursor.execute(f"EXPLAIN {running.RUNNING}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        finally:
            cursor.execute("RESET enable_seqscan")

    assert "action_one_running_per_user" in plan, plan
