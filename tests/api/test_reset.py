"""Starting over."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import httpx
import psycopg
from django.db import connection, transaction

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.local.services import LocalServices
from server.services.action_handler.handler import apply_action
from server.services.action_queue.reset import reset_chat
from server.services.event_stream.append import lock_stream
from server.testing.perform import head_of_lane
from tests.api.locks import waiting
from tests.api.work import accept, note, run
from tests.processes import wait_until

P = ParamSpec("P")
T = TypeVar("T")

FRESH: dict[str, object] = {
    "current_phase": "introduction",
    "identity_focus": "passions_and_talents",
    "current_identity": None,
    "skipped_identity_categories": [],
    "who_you_are": [],
    "who_you_want_to_be": [],
    "asked_questions": [],
}


def make_a_life(user: User) -> None:
    accept(user, note("likes tea"))
    run(user)
    identity = Identity.objects.create(user=user, name="Cook", category="spiritual")
    user.coach_state.change(
        current_phase="i_am_statement",
        current_identity=identity,
        identity_focus="spiritual",
        who_you_are=["a cook"],
        who_you_want_to_be=["a chef"],
        skipped_identity_categories=["doer_of_things"],
        asked_questions=["work_living"],
    )


def test_everything_is_as_on_the_first_day(client: httpx.Client, user: User) -> None:
    make_a_life(user)

    assert client.post("chat/reset").status_code == 204

    state = client.get("coach-state").json()
    del state["updated_at"]
    assert state == FRESH
    for path in ("messages", "identities", "user-notes"):
        assert client.get(path).json()["items"] == []
    assert client.get("identities", params={"archived": True}).json()["items"] == []
    assert not ChatMessage.objects.filter(user=user).exists()
    assert not UserNote.objects.filter(user=user).exists()


def test_what_was_open_is_cancelled_and_stays_in_the_log(client: httpx.Client, user: User) -> None:
    make_a_life(user)
    waiting = [accept(user, note(str(number))).actions[0].id for number in range(3)]
    running = Action.objects.claim(waiting[0], lease_s=60)
    assert running is not None

    client.post("chat/reset")

    rows = Action.objects.filter(user=user).order_by("seq")
    assert [row.status for row in rows] == ["succeeded", "cancelled", "cancelled", "cancelled"]
    assert {row.result_summary for row in rows[1:]} == {"The chat was reset."}
    assert {row.coach_message_id for row in rows} == {None}
    assert len(client.get("actions").json()["items"]) == 4


def test_the_lane_goes_on_after_a_reset(client: httpx.Client, user: User) -> None:
    accept(user, note("before"))
    client.post("chat/reset")

    accept(user, note("after"))
    run(user)

    assert [item["note"] for item in client.get("user-notes").json()["items"]] == ["after"]


def test_an_action_accepted_and_claimed_in_the_middle_of_a_reset_does_not_outlive_it(
    services: LocalServices, user: User
) -> None:
    """The reset waits for the stream, then for the number of its first event: two places where others come between."""
    with psycopg.connect(services.database_url) as blocker, ThreadPoolExecutor() as pool:
        with transaction.atomic():
            stream = lock_stream(user.id)
            resetting = pool.submit(in_thread, reset_chat, user)
            wait_until(lambda: waiting() == 1, "the reset waits for the stream")
            head, _ = (accept(user, note(text)).actions[0].id for text in ("one", "two"))
            stream.refresh_from_db()
            blocker.execute(
                "INSERT INTO events (user_id, cursor, kind) VALUES (%s, %s, 'message')",
                [user.id, stream.last_cursor + 1],
            )
        wait_until(lambda: waiting() == 1, "the reset withdraws the last action")
        claiming = pool.submit(in_thread, Action.objects.claim, head, lease_s=60)
        wait_until(
            lambda: claiming.done() or waiting() == 2, "the first action is claimed, or waits for that"
        )
        blocker.rollback()
        resetting.result()

        assert claiming.result() is None
    assert [row.status for row in Action.objects.filter(user=user)] == ["cancelled", "cancelled"]


def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work of a thread, whose connection ends with it."""
    try:
        return work(*args, **kwargs)
    finally:
        connection.close()


def test_a_reset_under_load_neither_fails_nor_lets_anything_through(client: httpx.Client, user: User) -> None:
    """Workers, accepting programs and resets at once: whoever locks what, all of them end.

    In the end there is what the actions that were accepted after the last reset have done, and nothing else.
    """
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            head = head_of_lane(user)
            if head is not None:
                apply_action(head)

    def post() -> list[int]:
        bodies = [{"response": note(f"likes tea {number}")} for number in range(20)]
        return [client.post("users/me/responses", json=body).status_code for body in bodies]

    def reset() -> list[int]:
        return [client.post("chat/reset").status_code for _ in range(20)]

    with ThreadPoolExecutor() as pool:
        workers = [pool.submit(in_thread, work) for _ in range(2)]
        posting, resetting = pool.submit(post), pool.submit(reset)
        try:
            assert set(resetting.result()) == {204}
            assert set(posting.result()) == {202}
            wait_until(lambda: not Action.objects.filter(user=user).open().exists(), "the lane is empty")
        finally:
            ended.set()
        for worker in workers:
            worker.result()

    kept = Action.objects.filter(user=user, coach_message__isnull=False, status="succeeded")
    notes = UserNote.objects.filter(user=user).values_list("note", flat=True)
    assert sorted(notes) == sorted(action.parameters["note"] for action in kept)
