"""What a list shows and the cursor in its header are of one moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.db import connection
from django.http import HttpResponse
from ninja.errors import AuthenticationError

from server.api.snapshot import HEADER, snapshot
from server.apps.events.models import EventStream
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.services.action_queue.accept import accept_user_message
from tests.api.stream import stream
from tests.api.work import accept, note, response_of, run

READS = 150


def at(answer: httpx.Response) -> int:
    answer.raise_for_status()
    return int(answer.headers[HEADER])


@pytest.mark.parametrize(
    "path", ["messages", "actions", "actions/{}", "coach-state", "identities", "user-notes"]
)
def test_it_is_the_last_cursor_in_all_that_shows_what_is_told(
    client: httpx.Client, user: User, path: str
) -> None:
    action = accept(user, note("likes tea")).actions[0]
    run(user)
    accept_user_message(user, "Hello.")
    last = EventStream.objects.get(user=user).last_cursor

    assert last == 4
    assert at(client.get(path.format(action.id))) == last


def test_a_stream_goes_on_where_a_list_was_read(client: httpx.Client, user: User) -> None:
    accept(user, note("likes tea"))
    run(user)
    cursor = at(client.get("messages"))
    accept_user_message(user, "Hello.")

    with stream(client, after=cursor) as events:
        hello, told = events.take(2)

    assert hello.data == {"cursor": cursor}
    assert (told.event, told.id) == ("message", cursor + 1)


def test_an_answer_that_is_an_error_bears_none(client: httpx.Client) -> None:
    assert HEADER not in client.get("actions/none").headers
    assert HEADER not in client.get("messages", params={"cursor": "none"}).headers


def test_a_user_who_is_deleted_meanwhile_is_signed_out(user: User) -> None:
    User.objects.filter(id=user.id).delete()

    with pytest.raises(AuthenticationError), snapshot(user, HttpResponse()):
        pass


# While somebody writes
#
# Each round accepts an action (1 event: its message) and runs it (2 events: its end and the state). So cursor 3n + 1 or
# 3n says that n actions have ended, and whether one waits.


@contextmanager
def rounds(user: User, response: Callable[[int], dict[str, object]]) -> Iterator[Future[None]]:
    """Rounds, one after the other, until the block ends."""
    is_over = threading.Event()

    def work() -> None:
        number = 0
        while not is_over.is_set():
            accept(user, response(number))
            run(user)
            number += 1
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            yield working
        finally:
            is_over.set()
        working.result()


def read_while_written(
    client: httpx.Client, path: str, working: Future[None], **params: str
) -> Iterator[tuple[int, Any]]:
    """What was read, each with its cursor. They are of different moments, or nothing is shown by them."""
    cursors = []
    for _ in range(READS):
        answer = client.get(path, params=params)
        cursors.append(at(answer))
        yield cursors[-1], answer.json()
        assert not working.done(), working.result()
    assert cursors == sorted(cursors)
    assert len(set(cursors)) > READS // 10


def test_actions_and_their_cursor_agree(client: httpx.Client, user: User) -> None:
    with rounds(user, lambda number: note(str(number))) as working:
        for cursor, page in read_while_written(client, "actions", working, limit="2"):
            ended, begun = divmod(cursor, 3)
            newest = [(item["parameters"]["note"], item["status"]) for item in page["items"]]
            expected = [(str(number), "succeeded") for number in reversed(range(ended))]
            waiting = [(str(ended), {"queued", "running"})] if begun else []
            assert len(newest) == min(2, len(expected) + len(waiting))
            if waiting:
                assert newest[0][0] == str(ended)
                assert newest[0][1] in {"queued", "running"}
            assert newest[len(waiting) :] == expected[: 2 - len(waiting)]


def test_messages_their_actions_and_their_cursor_agree(client: httpx.Client, user: User) -> None:
    with rounds(user, lambda number: note(str(number))) as working:
        for cursor, page in read_while_written(client, "messages", working, limit="2"):
            ended, begun = divmod(cursor, 3)
            statuses = [action["status"] for message in page["items"] for action in message["actions"]]
            waiting = [status for status in statuses if status != "succeeded"]
            assert len(waiting) == begun, (cursor, statuses)
            assert len(statuses) == min(2, ended + begun)


def test_notes_and_their_cursor_agree(client: httpx.Client, user: User) -> None:
    with rounds(user, lambda number: note(str(number))) as working:
        for cursor, page in read_while_written(client, "user-notes", working, limit="200"):
            assert [item["note"] for item in page["items"]] == [str(number) for number in range(cursor // 3)][
                :200
            ]


def test_the_state_and_its_cursor_agree(client: httpx.Client, user: User) -> None:
    user.coach_state.change(current_phase="identity_warm_up")

    def response(number: int) -> dict[str, object]:
        return response_of(update_who_you_are={"who_you_are": [f"person {number}"]})

    with rounds(user, response) as working:
        for cursor, state in read_while_written(client, "coach-state", working):
            ended = cursor // 3
            assert state["who_you_are"] == ([f"person {ended - 1}"] if ended else [])


def test_identities_and_their_cursor_agree(client: httpx.Client, user: User) -> None:
    user.coach_state.change(current_phase="identity_brainstorming")
    identity = Identity.objects.create(user=user, name="Cook", category="spiritual")

    def response(number: int) -> dict[str, object]:
        return response_of(add_identity_note={"identity_id": str(identity.id), "note": str(number)})

    with rounds(user, response) as working:
        for cursor, page in read_while_written(client, "identities", working):
            assert page["items"][0]["notes"] == [str(number) for number in range(cursor // 3)]
