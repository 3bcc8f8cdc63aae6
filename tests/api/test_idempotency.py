"""The same key twice: stored once, answered the same."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import transaction
from django.utils import timezone

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.users.models import User
from server.services.event_stream.append import lock_stream
from server.services.event_stream.read import MessageTold, read_after
from tests.api.locks import waiting
from tests.api.web import WebProcess, bearer
from tests.api.work import note, run
from tests.conftest import MakeUser
from tests.processes import wait_until

THREADS = 20
KEY = {"Idempotency-Key": "the one key"}


def post_response(client: httpx.Client, text: str = "likes tea", **headers: str) -> httpx.Response:
    return client.post("users/me/responses", json={"response": note(text)}, headers={**KEY, **headers})


def post_message(client: httpx.Client, content: str = "Hello.", **headers: str) -> httpx.Response:
    return client.post("messages", json={"content": content}, headers={**KEY, **headers})


POSTS = {"response": post_response, "message": post_message}
Post = Callable[..., httpx.Response]


@pytest.fixture(params=POSTS)
def post(request: pytest.FixtureRequest) -> Post:
    return POSTS[request.param]


@pytest.fixture(scope="module")
def webs(web: WebProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[WebProcess]]:
    """Two web processes on one database."""
    with WebProcess(tmp_path_factory.mktemp("web") / "second.log") as second:
        yield [web, second]


def coach_messages(user: User) -> int:
    return ChatMessage.objects.filter(user=user, role="coach").count()


def user_messages(user: User) -> int:
    return ChatMessage.objects.filter(user=user, role="user").count()


def test_the_same_request_again_is_answered_the_same_and_stored_once(
    client: httpx.Client, user: User, post: Post
) -> None:
    first = post(client)
    stored = ChatMessage.objects.filter(user=user).count(), Action.objects.filter(user=user).count()

    second = post(client)

    assert first.status_code in {201, 202}
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert (ChatMessage.objects.filter(user=user).count(), Action.objects.filter(user=user).count()) == stored


def test_the_answer_is_the_first_one_even_after_the_actions_have_run(
    client: httpx.Client, user: User
) -> None:
    first = post_response(client)
    run(user)

    assert post_response(client).content == first.content


def test_another_body_under_the_same_key_is_409(client: httpx.Client, user: User, post: Post) -> None:
    post(client, "one")

    answer = post(client, "two")

    assert answer.status_code == 409
    assert "key" in answer.json()["detail"]
    assert coach_messages(user) == 1


def test_another_endpoint_under_the_same_key_is_409(client: httpx.Client, user: User) -> None:
    post_response(client)

    assert post_message(client).status_code == 409
    assert user_messages(user) == 0


def test_the_same_key_of_another_user_is_another_key(
    web: WebProcess, client: httpx.Client, make_user: MakeUser, post: Post
) -> None:
    with web.client_of(make_user()) as other:
        assert post(client).json() != post(other).json()


def test_the_order_of_keys_and_the_spaces_make_no_other_body(client: httpx.Client) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    one = b'{"response": {"message": "m", "add_user_note": {"params": {"note": "x"}}}}'
    same = b'{"response":{"add_user_note":{"params":{"note":"x"}},"message":"m"}}'

    first = client.post("users/me/responses", content=one, headers=headers)

    assert client.post("users/me/responses", content=same, headers=headers).content == first.content


def test_a_refused_request_leaves_the_key_free(client: httpx.Client, user: User) -> None:
    assert client.post("messages", json={"content": " "}, headers=KEY).status_code == 422
    assert client.post("users/me/responses", json={"response": {}}, headers=KEY).status_code == 422

    assert post_message(client).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_is_not_empty_and_not_longer_than_255_characters(
    client: httpx.Client, post: Post, key: str
) -> None:
    answer = post(client, **{"Idempotency-Key": key})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["header", "Idempotency-Key"]


def test_a_key_of_255_characters_is_taken(client: httpx.Client, post: Post) -> None:
    assert post(client, **{"Idempotency-Key": "x" * 255}).is_success


def test_twenty_at_once_over_two_processes_are_one(webs: list[WebProcess], user: User, post: Post) -> None:
    headers = bearer(user)
    together = threading.Barrier(THREADS)

    def send(number: int) -> httpx.Response:
        with webs[number % 2].client(headers=headers) as client:
            client.get("auth/session")
            together.wait()
            return post(client)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(send, range(THREADS)))

    assert {answer.status_code for answer in answers} <= {201, 202}, [answer.text for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert coach_messages(user) == 1
    assert user_messages(user) == (1 if post is post_message else 0)


def test_one_key_on_both_endpoints_at_once_is_one_answer_and_one_409(
    client: httpx.Client, user: User
) -> None:
    """The message's request is first in the line for the user's stream, the response's is second."""
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            lock_stream(user.id)
            message = pool.submit(post_message, client)
            wait_until(lambda: waiting() == 1, "the message waits for the stream")
            response = pool.submit(post_response, client)
            wait_until(lambda: waiting() == 2, "the response waits too")
        answers = [message.result(), response.result()]

    assert [answer.status_code for answer in answers] == [201, 409], [answer.text for answer in answers]


class Gate:
    """What the slow coach waits for."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, verb: str = "answer") -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(verb)
        draft.rename(self.path)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slow")


@pytest.fixture
def gate(directory: Path) -> Iterator[Gate]:
    """The gate, closed."""
    gate = Gate(directory / "gate")
    gate.close()
    yield gate
    gate.open()


@pytest.fixture(scope="module")
def slow_web(directory: Path) -> Iterator[WebProcess]:
    """A web process whose coach waits for the gate, with two database connections for its views."""
    with slow_process(directory, "slow.log") as process:
        yield process


def slow_process(directory: Path, log: str) -> WebProcess:
    environment = {"COACH_TEST_GATE": str(directory / "gate"), "COACH_DATABASE_POOL": "2"}
    return WebProcess(directory / log, environment, application="tests.api.slow_coach:application")


def test_a_second_request_waits_for_the_first_ones_answer(
    slow_web: WebProcess, gate: Gate, user: User
) -> None:
    with slow_web.client_of(user) as client, ThreadPoolExecutor() as pool:
        first = pool.submit(post_message, client)
        wait_until(lambda: user_messages(user) == 1, "the user's message is stored")
        with transaction.atomic():
            IdempotencyKey.objects.select_for_update().get(user=user)
            second = pool.submit(post_message, client)
            wait_until(waiting, "the second request looks at the key")
        gate.open()

        assert first.result().status_code == 201, first.result().text
        assert second.result().content == first.result().content
    assert (user_messages(user), coach_messages(user)) == (1, 1)


def test_a_turn_that_failed_goes_on_when_it_is_sent_again(
    slow_web: WebProcess, gate: Gate, user: User
) -> None:
    gate.open("fail")
    with slow_web.client_of(user) as client:
        failed = post_message(client)
        assert failed.status_code == 503
        assert failed.headers["content-type"] == "application/problem+json"
        gate.open("answer")
        answer = post_message(client)

    assert answer.status_code == 201, answer.text
    assert (user_messages(user), coach_messages(user)) == (1, 1)


def test_a_request_sent_again_after_a_later_one_is_answered_as_what_it_asked(
    slow_web: WebProcess, gate: Gate, user: User
) -> None:
    gate.open("fail")
    with slow_web.client_of(user) as client:
        assert post_message(client, "the first").status_code == 503
        gate.open("answer")
        assert client.post("messages", json={"content": "the second"}).status_code == 201
        answer = post_message(client, "the first").json()

    assert answer["user_message"]["content"] == "the first"
    assert answer["coach_message"]["actions"][0]["parameters"] == {"note": "the first"}


def test_a_process_that_was_taken_over_stores_nothing_when_it_wakes_up(
    slow_web: WebProcess, web: WebProcess, gate: Gate, user: User
) -> None:
    headers = bearer(user)
    with (
        slow_web.client(headers=headers) as slow,
        web.client(headers=headers) as quick,
        ThreadPoolExecutor() as pool,
    ):
        first = pool.submit(post_message, slow)
        wait_until(lambda: user_messages(user) == 1, "the user's message is stored")
        IdempotencyKey.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))
        taken_over = post_message(quick)
        gate.open()

        assert taken_over.status_code == 201
        assert first.result().status_code == 409
        assert post_message(slow).content == taken_over.content
    assert (user_messages(user), coach_messages(user)) == (1, 1)


def test_no_database_connection_is_held_while_the_coach_thinks(
    slow_web: WebProcess, gate: Gate, make_user: MakeUser
) -> None:
    users = [make_user() for _ in range(8)]
    clients = [slow_web.client_of(user) for user in users]

    def send(client: httpx.Client) -> httpx.Response:
        return client.post("messages", json={"content": "Hello."})

    with ThreadPoolExecutor(len(clients)) as pool:
        turns = [pool.submit(send, client) for client in clients]
        asked = ChatMessage.objects.filter(user__in=users)
        wait_until(lambda: asked.count() == len(users), "the users' messages are stored")
        assert clients[0].get("coach-state").status_code == 200
        gate.open()
        assert [turn.result().status_code for turn in turns] == [201] * len(users)


def test_a_turn_is_finished_even_if_its_caller_goes_away(
    slow_web: WebProcess, gate: Gate, user: User
) -> None:
    with slow_web.client_of(user, timeout=1) as client, pytest.raises(httpx.ReadTimeout):
        post_message(client)

    gate.open()

    wait_until(lambda: coach_messages(user) == 1, "the coach has answered")


def test_a_reset_while_the_coach_thinks_leaves_nothing_behind(
    slow_web: WebProcess, gate: Gate, user: User
) -> None:
    with slow_web.client_of(user) as client, ThreadPoolExecutor() as pool:
        turn = pool.submit(post_message, client)
        wait_until(lambda: user_messages(user) == 1, "the user's message is stored")
        assert client.post("chat/reset").status_code == 204
        gate.open()

        assert turn.result().status_code == 409
        assert not ChatMessage.objects.filter(user=user).exists()
        assert post_message(client).status_code == 201
    assert (user_messages(user), coach_messages(user)) == (1, 1)


@pytest.mark.usefixtures("gate")
def test_a_request_whose_process_died_is_taken_over_by_the_next(
    web: WebProcess, directory: Path, user: User
) -> None:
    headers = bearer(user)
    with (
        slow_process(directory, "dies.log") as dying,
        dying.client(headers=headers) as client,
        ThreadPoolExecutor() as pool,
    ):
        first = pool.submit(post_message, client)
        wait_until(lambda: user_messages(user) == 1, "the user's message is stored")
        dying.kill()
        with pytest.raises(httpx.TransportError):
            first.result()
    IdempotencyKey.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))

    with web.client(headers=headers) as client:
        answer = post_message(client)

    assert answer.status_code == 201, answer.text
    assert answer.json()["user_message"]["id"] == str(ChatMessage.objects.get(user=user, role="user").id)
    assert coach_messages(user) == 1


def test_both_messages_of_a_turn_bear_its_key_wherever_they_are_told(
    client: httpx.Client, user: User
) -> None:
    """A client whose request is never answered knows by it what has become of what it sent."""
    post_message(client)
    client.post("messages", json={"content": "Without one."})

    told = read_after(user.id, 0).events
    keys = {
        "listed": [message["idempotency_key"] for message in client.get("messages").json()["items"]][::-1],
        "told": [event.told.message.idempotency_key for event in told if isinstance(event.told, MessageTold)],
    }

    the_one = KEY["Idempotency-Key"]
    assert keys == {way: [the_one, the_one, None, None] for way in ("listed", "told")}
    pair = post_message(client).json()
    assert [message["idempotency_key"] for message in pair.values()] == [the_one, the_one]


def test_a_programs_key_is_not_shown_to_the_user_to_whom_it_posts(client: httpx.Client) -> None:
    post_response(client)

    assert [message["idempotency_key"] for message in client.get("messages").json()["items"]] == [None]


def test_a_turn_that_is_taken_over_bears_the_key_too(slow_web: WebProcess, gate: Gate, user: User) -> None:
    gate.open("fail")
    with slow_web.client_of(user) as client:
        post_message(client)
        assert [message["idempotency_key"] for message in client.get("messages").json()["items"]] == [
            KEY["Idempotency-Key"]
        ]
        gate.open("answer")
        pair = post_message(client).json()

    assert {message["idempotency_key"] for message in pair.values()} == {KEY["Idempotency-Key"]}
