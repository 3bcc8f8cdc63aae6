"""Trimming streams: clients that are up to date notice nothing, the others are told to reload."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db import connection, transaction

from server.apps.actions.queries import database_now
from server.apps.events.models import Event
from server.apps.users.models import User
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.event_stream.append import lock_stream
from server.services.event_stream.wake_up import wake_up
from server.services.retention import events, walk
from server.services.retention.events import Bounds, count_events, trim_events
from server.services.retention.prune import prune
from server.testing.perform import accept, drain
from tests.api.locks import waiting
from tests.api.stream import stream
from tests.conftest import MakeUser
from tests.processes import wait_until
from tests.retention.aging import DEFAULTS, age_events, apply_notes, cursors, plan_of, read, stream_of

EXAMPLE: dict[str, Any] = {
    "before": None,
    "most": None,
    "after": walk.FIRST,
    "user_id": walk.FIRST,
    "last": 0,
    "limit": 1_000,
}


def test_events_older_than_they_are_kept_go_and_no_others(user: User) -> None:
    every = apply_notes(user, 4)
    age_events(user, every[5], days=31)

    prune(DEFAULTS)

    assert cursors(user) == every[6:]
    assert stream_of(user).trimmed_cursor == every[5]
    assert stream_of(user).last_cursor == every[-1]


def test_of_a_busy_user_only_the_latest_events_are_kept(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_AT_ONCE", 4)
    every = apply_notes(user, 5)

    removed = sum(trim_events(Bounds(before=None, most=3)))

    assert cursors(user) == every[-3:]
    assert removed >= len(every) - 3


def test_a_client_that_is_up_to_date_notices_nothing(user: User) -> None:
    every = apply_notes(user, 3)
    age_events(user, every[-1], days=31)

    prune(DEFAULTS)

    nothing = read(user, every[-1])
    assert (nothing.is_cut, nothing.cursor, nothing.events) == (False, every[-1], [])
    assert apply_notes(user, 1) == [every[-1] + 1, every[-1] + 2, every[-1] + 3]
    assert [event.cursor for event in read(user, every[-1]).events] == cursors(user)


def test_a_client_whose_cursor_is_too_old_is_told_to_reload(user: User) -> None:
    every = apply_notes(user, 3)
    age_events(user, every[4], days=31)

    prune(DEFAULTS)

    assert read(user, every[3]).is_cut
    assert read(user, 0).cursor == every[-1]
    assert [event.cursor for event in read(user, every[4]).events] == every[5:]


def test_an_open_stream_hears_on_while_what_it_has_heard_is_trimmed(user: User, client: httpx.Client) -> None:
    every = apply_notes(user, 2)
    with stream(client, after=every[0]) as heard:
        heard.until(every[-1])
        age_events(user, every[-1], days=31)
        prune(DEFAULTS)
        apply_notes(user, 1)
        wake_up([user.id])
        assert [event.id for event in heard.take(3)] == cursors(user)
    with stream(client, last_event_id=every[0]) as returned:
        hello, reset = returned.take(2)
        assert (hello.event, reset.event, reset.id) == ("hello", "reset", cursors(user)[-1])


def test_an_old_event_takes_what_came_before_it_along_whatever_its_clock_said(user: User) -> None:
    every = apply_notes(user, 3)
    age_events(user, every[3], days=31)
    Event.objects.filter(user=user, cursor=every[2]).update(created_at=database_now() + timedelta(days=1))

    prune(DEFAULTS)

    assert cursors(user) == every[4:]


def test_a_dry_run_counts_what_would_go(user: User) -> None:
    every = apply_notes(user, 4)
    old = Bounds(before=database_now() - timedelta(days=30), most=None)
    before = count_events(old)
    age_events(user, every[5], days=31)

    assert count_events(old) - before == 6
    assert sum(trim_events(old)) == before + 6
    assert count_events(old) == 0


def test_for_ever_is_for_ever(user: User) -> None:
    every = apply_notes(user, 2)
    age_events(user, every[-1], days=10_000)

    assert sum(trim_events(Bounds(before=None, most=None))) == 0
    assert cursors(user) == every


def test_every_stream_is_looked_at_in_parts(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "USERS_AT_ONCE", 2)
    users = [make_user() for _ in range(5)]
    for user in users:
        age_events(user, apply_notes(user, 1)[0], days=31)

    prune(DEFAULTS)

    assert [len(cursors(user)) for user in users] == [2] * 5


def test_it_ends_between_two_batches_where_it_is_to_stop(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_AT_ONCE", 1)
    every = apply_notes(user, 2)
    age_events(user, every[-1], days=31)

    prune(DEFAULTS, go_on=lambda: cursors(user) == every)

    assert cursors(user) == every[1:]


# Beside everything else


@pytest.fixture
def at_once() -> Callable[..., None]:
    """Runs functions for as long as the first one takes, each again and again in a thread of its own."""

    def run(first: Callable[[], object], *others: Callable[[], object]) -> None:
        over = threading.Event()

        def again(work: Callable[[], object]) -> None:
            try:
                while not over.is_set():
                    work()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(others)) as threads:
            ends = [threads.submit(again, work) for work in others]
            try:
                first()
            finally:
                over.set()
        for end in ends:
            end.result()

    return run


def test_trimming_accepting_and_applying_at_once_lose_no_event(
    user: User, at_once: Callable[..., None]
) -> None:
    seen: list[int] = []

    def trim() -> None:
        sum(trim_events(Bounds(before=None, most=2)))

    def follow() -> None:
        batch = read(user, seen[-1] if seen else 0)
        assert not batch.is_cut or batch.cursor >= (seen[-1] if seen else 0)
        seen.append(batch.cursor)

    def work() -> None:
        for _ in range(25):
            accept(user, {"add_user_note": AddUserNoteParams(note=f"said {uuid4()}")})
            drain(user)

    at_once(work, trim, trim, follow)
    trim()

    assert seen == sorted(seen)
    assert stream_of(user).last_cursor == 25 * 3
    assert cursors(user) == [74, 75]


def test_users_are_deleted_while_their_streams_are_trimmed(
    make_user: MakeUser, at_once: Callable[..., None]
) -> None:
    users = [make_user() for _ in range(12)]
    for user in users:
        apply_notes(user, 1)

    def delete() -> None:
        for user in users:
            user.delete()

    at_once(delete, lambda: sum(trim_events(Bounds(before=None, most=1))))

    assert not User.objects.filter(id__in=[user.id for user in users]).exists()


def test_an_event_that_somebody_is_deleting_is_passed_over_and_goes_later(user: User) -> None:
    every = apply_notes(user, 2)
    age_events(user, every[-1], days=31)
    waiting = threading.Event()

    def delete_and_change_ones_mind() -> None:
        try:
            with suppress(ZeroDivisionError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM events WHERE user_id = %s AND cursor = %s", [user.id, every[0]])
                waiting.set()
                assert done.wait(30)
                raise ZeroDivisionError
        finally:
            connection.close()

    done = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(delete_and_change_ones_mind)
        try:
            assert waiting.wait(30)
            prune(DEFAULTS)
            assert cursors(user) == every[:1]
            assert read(user, 0).is_cut
        finally:
            done.set()
        other.result()
    prune(DEFAULTS)
    assert cursors(user) == []


def test_whoever_holds_a_stream_is_waited_for(user: User) -> None:
    every = apply_notes(user, 1)
    age_events(user, every[-1], days=31)

    def prune_elsewhere() -> None:
        try:
            prune(DEFAULTS)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            lock_stream(user.id)
            pruned = thread.submit(prune_elsewhere)
            wait_until(lambda: waiting() > 0, "pruning waits for the stream")
            assert cursors(user) == every
        pruned.result(30)
    assert cursors(user) == []


# On big tables


@pytest.mark.parametrize("query", ["STREAMS", "TRIM"])
def test_no_table_is_read_whole(query: str) -> None:
    sql = {"STREAMS": events.STREAMS, "TRIM": events.TRIM}[query]
    with transaction.atomic():
        plan = plan_of(sql, EXAMPLE)

    assert "Seq Scan" not in plan, plan
    assert "events_pkey" in plan, plan
    assert "event_streams_pkey" in plan, plan
