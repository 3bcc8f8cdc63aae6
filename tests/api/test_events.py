"""The event stream: in order, nothing missed, nothing twice."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from signal import SIGTERM

import httpx
import psutil
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.events.models import Event, EventStream
from server.apps.users.models import ApiToken, User
from server.apps.users.sign_ins import BySession, ByToken, still_valid
from server.enums.action_status import ActionStatus
from server.enums.event_kind import EventKind
from server.local.services import LocalServices
from server.services.action_handler.retry import Transition
from server.services.action_queue.accept import accept_user_message
from server.services.action_queue.operate import retry
from tests.api.browser import PASSWORD, open_page, with_csrf
from tests.api.stream import Received, stream
from tests.api.web import WebProcess, bearer
from tests.api.work import accept, note, response_of, run
from tests.conftest import MakeUser
from tests.processes import wait_until

STREAMS = 200


def last_cursor(user: User) -> int:
    return EventStream.objects.get(user=user).last_cursor


def make_history(user: User) -> int:
    """A few messages, actions and changes of state; answers the last cursor."""
    accept_user_message(user, "I like tea.")
    for text in ("likes tea", "likes tea", "likes cake"):
        accept(user, note(text))
    run(user)
    return last_cursor(user)


def test_the_first_event_says_where_the_stream_begins_and_has_no_id(client: httpx.Client, user: User) -> None:
    cursor = make_history(user)

    with stream(client) as events:
        assert events.next() == Received(event="hello", data={"cursor": cursor})


def test_everything_that_happens_is_told_in_order(client: httpx.Client, user: User) -> None:
    with stream(client) as events:
        assert events.next().data == {"cursor": 0}
        accepted = accept(user, note("likes tea"))
        run(user)
        message, action, state = events.take(3)

    assert [(event.event, event.id) for event in (message, action, state)] == [
        ("message", 1),
        ("action", 2),
        ("coach_state", 3),
    ]
    assert message.data["message"]["id"] == str(accepted.message.id)
    assert message.data["message"]["actions"][0]["id"] == str(accepted.actions[0].id)
    assert action.data["action"]["id"] == str(accepted.actions[0].id)
    assert action.data["action"]["status"] == "succeeded"
    assert action.data["action"]["result_summary"]


def test_an_action_is_told_exactly_as_the_list_shows_it(client: httpx.Client, user: User) -> None:
    accept(user, note("likes tea"))
    run(user)

    with stream(client, after=1) as events:
        events.next()
        told = events.next().data["action"]

    assert told == client.get("actions").json()["items"][0]


def test_an_event_keeps_the_status_that_the_action_had_then(client: httpx.Client, user: User) -> None:
    accepted = accept(user, response_of(delete_user_note={"user_note_id": "gone"}))
    run(user)
    accepted.actions[0].refresh_from_db()
    retry(accepted.actions[0], operator="the test")

    with stream(client, after=0) as events:
        told = [
            event.data["action"]["status"]
            for event in events.until(last_cursor(user))
            if event.event == "action"
        ]

    assert told == ["rejected", "queued"]


def test_an_action_that_will_be_tried_again_says_when(client: httpx.Client, user: User) -> None:
    action = accept(user, note("likes tea")).actions[0]
    claimed = Action.objects.claim(action.id, lease_s=60)
    assert claimed is not None
    Action.objects.finish(claimed, Transition(status=ActionStatus.RETRYING, delay_s=60, excused=True))
    action.refresh_from_db()

    with stream(client, after=1) as events:
        told = [event for event in events.take(2) if event.event == "action"]
    (listed,) = client.get("actions").json()["items"]
    (message,) = client.get("messages").json()["items"]
    single = client.get(f"actions/{action.id}").json()

    for shown in (told[0].data["action"], listed, message["actions"][0], single):
        assert (shown["status"], shown["attempt"]) == ("retrying", 1)
        assert datetime.fromisoformat(shown["due_at"]) == action.due_at
    assert action.due_at > database_now()


def test_an_event_of_a_version_that_did_not_keep_when_is_told_without(
    client: httpx.Client, user: User
) -> None:
    accept(user, note("likes tea"))
    run(user)
    event = Event.objects.get(user=user, kind=EventKind.ACTION)
    Event.objects.filter(pk=event.pk).update(
        data={name: value for name, value in (event.data or {}).items() if name != "due_at"}
    )

    with stream(client, after=1) as events:
        told = events.take(2)[1].data["action"]

    assert (told["status"], told["due_at"]) == ("succeeded", None)


def test_the_state_is_told_as_it_is_with_the_live_identities(client: httpx.Client, user: User) -> None:
    user.coach_state.change(current_phase="identity_brainstorming")
    params: dict[str, object] = {"name": "Cook", "category": "spiritual", "note": ""}
    accept(user, response_of(create_identity=params))
    run(user)

    with stream(client, after=2) as events:
        _, state = events.take(2)

    assert state.event == "coach_state"
    assert state.data == {
        "coach_state": client.get("coach-state").json(),
        "identities": client.get("identities").json()["items"],
    }


# Resuming


@given(cut=st.integers(min_value=0, max_value=20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_client_that_resumes_anywhere_misses_nothing_and_sees_nothing_twice(
    web: WebProcess, history: tuple[dict[str, str], int], cut: int
) -> None:
    headers, last = history
    cut = min(cut, last)
    with web.client(headers=headers) as client:
        seen: list[int | None] = []
        if cut:
            with stream(client, after=0) as events:
                seen += [event.id for event in events.until(cut)]
        if cut < last:
            with stream(client, last_event_id=cut) as events:
                seen += [event.id for event in events.until(last)]

    assert [number for number in seen if number is not None] == list(range(1, last + 1))


@pytest.fixture
def history(user: User) -> tuple[dict[str, str], int]:
    """A user's sign-in and last cursor."""
    return bearer(user), make_history(user)


def test_the_header_wins_over_the_query(client: httpx.Client, user: User) -> None:
    make_history(user)

    with stream(client, after=0, last_event_id=3) as events:
        hello, first = events.take(2)

    assert hello.data == {"cursor": 3}
    assert first.id == 4


def test_events_that_happen_while_the_client_reads_are_told_once_and_in_order(
    client: httpx.Client, user: User
) -> None:
    count = 60

    def work() -> None:
        for number in range(count):
            accept(user, note(str(number)))
            run(user)
        connection.close()

    with stream(client, after=0) as events:
        worker = threading.Thread(target=work)
        worker.start()
        seen = [event.id for event in events.until(count * 3) if event.id is not None]
        worker.join()

    assert seen == list(range(1, count * 3 + 1))


def test_a_long_history_is_told_in_batches(client: httpx.Client, user: User) -> None:
    for number in range(180):
        accept_user_message(user, str(number))

    with stream(client, after=0) as events:
        told = events.until(180)[1:]

    assert [event.data["message"]["content"] for event in told] == [str(number) for number in range(180)]


@pytest.mark.parametrize("asked", [9, 10**12, 10**30])
def test_a_cursor_that_was_never_given_out_makes_the_client_reload(
    client: httpx.Client, user: User, asked: int
) -> None:
    accept_user_message(user, "Hello.")

    with stream(client, last_event_id=asked) as events:
        assert events.take(2) == [
            Received(event="hello", data={"cursor": 1}),
            Received(event="reset", data={}, id=1),
        ]
        accept_user_message(user, "Still there?")
        assert events.next().id == 2


def test_a_cursor_from_before_a_reset_makes_the_client_reload(client: httpx.Client, user: User) -> None:
    make_history(user)
    client.post("chat/reset")
    last = last_cursor(user)

    with stream(client, after=2) as events:
        assert [event.event for event in events.take(2)] == ["hello", "reset"]
        accept_user_message(user, "Again.")
        assert events.next().id == last + 1


@pytest.mark.parametrize("has_history", [False, True])
def test_an_open_stream_is_told_of_a_reset(client: httpx.Client, user: User, *, has_history: bool) -> None:
    if has_history:
        make_history(user)
        accept(user, note("not yet run"))

    with stream(client) as events:
        events.next()
        client.post("chat/reset")
        reset = events.next()
        accept_user_message(user, "Again.")
        following = events.next()

    assert (reset.event, reset.data) == ("reset", {})
    assert reset.id is not None
    assert following.id == reset.id + 1


@pytest.mark.parametrize("asked", ["x", "-1", "1.5", "\u0661"])
def test_what_is_no_cursor_is_refused(client: httpx.Client, asked: str) -> None:
    for answer in (
        client.get("events", params={"after": asked}),
        client.get("events", headers={b"Last-Event-ID": asked.encode()}),
    ):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


# Who


def test_nobody_is_told_anything_unsigned(anyone: httpx.Client) -> None:
    answer = anyone.get("events")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_is_told_by_its_session(browser_of: Callable[[User], httpx.Client], user: User) -> None:
    with stream(browser_of(user), after=0) as events:
        accept_user_message(user, "Hello.")
        assert events.take(2)[1].event == "message"


def test_a_user_is_told_of_nobody_else(client: httpx.Client, user: User, make_user: MakeUser) -> None:
    with stream(client) as events:
        events.next()
        other = make_user()
        accept(other, note("a secret"))
        run(other)
        own = accept_user_message(user, "Hello.")

        assert events.next().data["message"]["id"] == str(own.id)


def test_a_user_who_may_no_longer_sign_in_is_told_no_more(client: httpx.Client, user: User) -> None:
    with stream(client) as events:
        events.next()
        User.objects.filter(id=user.id).update(is_active=False)
        with pytest.raises(StopIteration):
            events.next()


def test_asking_which_sign_ins_hold_takes_a_few_queries(make_user: MakeUser) -> None:
    sessions = [session_of(make_user()) for _ in range(5)]
    tokens = [ByToken(token_id=ApiToken.objects.create(user=make_user(), digest=str(n)).pk) for n in range(5)]
    another_hash = replace(sessions[0], auth_hash="of another password")

    with CaptureQueriesContext(connection) as queries:
        assert still_valid({*sessions, *tokens, another_hash}) == {*sessions, *tokens}

    assert len(queries) == 3


def session_of(user: User) -> BySession:
    session = SessionStore()
    session.create()
    key = session.session_key
    assert key is not None
    return BySession(user_id=user.id, session_key=key, auth_hash=user.get_session_auth_hash())


# The line


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coach'")
        (count,) = cursor.fetchone()
    return int(count)


@pytest.fixture
def own_web(tmp_path: Path) -> Iterator[WebProcess]:
    """A web process of the test's own."""
    with WebProcess(tmp_path / "web.log") as process:
        yield process


def test_open_streams_hold_neither_threads_nor_database_connections(own_web: WebProcess, user: User) -> None:
    process = psutil.Process(own_web.pid)
    with own_web.client_of(user, limits=httpx.Limits(max_connections=None)) as client, ExitStack() as stack:
        readers = [stack.enter_context(stream(client))]
        readers[0].next()
        threads, connections = process.num_threads(), sessions()
        readers += [stack.enter_context(stream(client)) for _ in range(STREAMS - 1)]
        for reader in readers[1:]:
            reader.next()

        assert own_web.open_streams == STREAMS
        assert process.num_threads() - threads <= 10
        assert sessions() - connections <= 8
        accept_user_message(user, "To all of you.")
        assert {reader.next().id for reader in readers} == {1}

    wait_until(lambda: own_web.open_streams == 0, "the streams are closed")


def test_open_streams_do_not_delay_the_end_of_the_server(own_web: WebProcess, user: User) -> None:
    with own_web.client_of(user) as client, stream(client) as events:
        events.next()
        own_web.signal(SIGTERM)
        with pytest.raises((StopIteration, httpx.TransportError)):
            events.next()
        wait_until(lambda: own_web.exit_code is not None, "the server ends", timeout_s=10)


def test_a_client_that_takes_nothing_does_not_fill_the_servers_memory(
    own_web: WebProcess, user: User
) -> None:
    with own_web.client_of(user) as client, stream(client, after=0) as events:
        events.next()
        process = psutil.Process(own_web.pid)
        before = process.memory_info().rss
        for number in range(1_500):
            accept_user_message(user, f"{number} " + "x" * 19_000)

        assert process.memory_info().rss - before < 20 * 2**20
        assert [event.id for event in events.until(1_500)] == list(range(1, 1_501))


# When Redis is away


def test_events_are_told_while_redis_is_away_and_after_it_is_back(
    own_web: WebProcess, services: LocalServices, user: User
) -> None:
    with own_web.client_of(user) as client, stream(client) as events:
        events.next()
        services.redis.kill()
        try:
            accept_user_message(user, "Redis is away.")
            assert events.next().id == 1
        finally:
            services.redis.start()
        accept_user_message(user, "Redis is back.")
        assert events.next().id == 2


@pytest.fixture
def own_services(tmp_path: Path) -> Iterator[LocalServices]:
    """Servers of the test's own, migrated: what a restart breaks in them, no other test sees."""
    home = Path(tempfile.mkdtemp(prefix="coach-test-"))
    with LocalServices(home) as services:
        migrate = [sys.executable, "-m", "server.cli", "migrate"]
        subprocess.run(migrate, check=True, capture_output=True, env={**os.environ, **addresses(services)})
        yield services
    shutil.rmtree(home, ignore_errors=True)


def addresses(services: LocalServices) -> dict[str, str]:
    return {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}


def test_streams_outlive_a_restart_of_the_database(own_services: LocalServices, tmp_path: Path) -> None:
    with WebProcess(tmp_path / "web.log", addresses(own_services)) as process:
        browser = open_page(process)
        browser.post(
            "auth/signup", json={"email": "a@restart.example", "password": PASSWORD}
        ).raise_for_status()
        with_csrf(browser)
        with stream(browser) as events:
            events.next()
            own_services.postgres.kill()
            own_services.postgres.start()

            def post() -> httpx.Response | None:
                answer = browser.post("messages", json={"content": "The database is back."})
                assert answer.status_code in {201, 503}, answer.text
                return answer if answer.is_success else None

            answered = wait_until(post, "a message is taken again")
            told = events.next()
        browser.close()

    assert answered is not None
    assert told.data["message"]["id"] == answered.json()["user_message"]["id"]
