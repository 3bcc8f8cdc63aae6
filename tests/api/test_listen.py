"""The listener of a web process goes on listening, whatever error ends its work."""

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import override_settings
from starlette.types import Message, Scope

from server.api import events
from server.apps.threads import in_thread
from server.apps.users.models import User
from server.services.action_queue.accept import accept_user_message
from server.services.event_stream import listen, read
from server.services.event_stream.listen import Ear, Listeners
from server.services.event_stream.wake_up import wake_up
from tests.api.web import SOME_SIGN_IN, bearer
from tests.processes import wait_until

LIMIT_S = 10.0
"""Less than the pause between two looks at streams that are well."""


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, RuntimeError])
def test_streams_are_looked_after_again_after_any_error(
    user: User, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    errors = [error("the first look fails")]

    def last_cursors(user_ids: Iterable[UUID]) -> dict[UUID, int]:
        if errors:
            raise errors.pop()
        return read.last_cursors(list(user_ids))

    async def wait() -> None:
        listeners = Listeners()
        with listeners.listening(user.id, cursor=0, sign_in=SOME_SIGN_IN) as ear:
            async with listeners.running(), asyncio.timeout(LIMIT_S):
                await ear.wait()

    accept_user_message(user, "This was not heard.")
    monkeypatch.setattr(listen, "last_cursors", last_cursors)

    asyncio.run(wait())

    assert not errors


def test_wake_ups_are_heard_again_after_an_error_that_nobody_foresaw(
    user: User, caplog: pytest.LogCaptureFixture
) -> None:
    redis_url = settings.REDIS_URL

    async def listen() -> None:
        listeners = Listeners()
        with listeners.listening(user.id, cursor=0, sign_in=SOME_SIGN_IN) as ear:
            async with listeners.running(), asyncio.timeout(LIMIT_S):
                await asyncio.to_thread(
                    wait_until, lambda: "begins again" in caplog.text, "the error is logged"
                )
                settings.REDIS_URL = redis_url
                await told(ear)

    async def told(ear: Ear) -> None:
        """Wait for a wake-up: the stream has not grown, so it can come from Redis alone."""
        hearing = asyncio.create_task(ear.wait())
        while not hearing.done():
            await in_thread(wake_up, [user.id])
            await asyncio.wait([hearing], timeout=0.1)

    with caplog.at_level(logging.ERROR), override_settings(REDIS_URL="this is no address"):
        asyncio.run(listen())


def test_a_stream_that_could_not_be_read_goes_on(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [InterfaceError("the first read fails")]
    sent = b""
    scope = scope_of(user)
    listeners = Listeners()

    def read_after(user_id: UUID, cursor: int) -> read.Batch:
        if errors:
            raise errors.pop()
        return read.read_after(user_id, cursor)

    async def receive() -> Message:
        return await asyncio.Future()  # the client stays

    async def serve() -> None:
        is_told = asyncio.Event()

        async def send(message: Message) -> None:
            nonlocal sent
            sent += message.get("body", b"")
            if b"event: hello" in sent and errors:
                await in_thread(accept_user_message, user, "Are you there?")
            if b"event: message" in sent:
                is_told.set()

        async with listeners.running(), asyncio.timeout(LIMIT_S):
            serving = asyncio.create_task(events.EventEndpoint()(scope, receive, send))
            telling = asyncio.create_task(is_told.wait())
            await asyncio.wait([serving, telling], return_when=asyncio.FIRST_COMPLETED)
            for task in (serving, telling):
                task.cancel()
            await asyncio.gather(serving, telling, return_exceptions=True)

    monkeypatch.setattr(events, "read_after", read_after)
    monkeypatch.setattr(events, "listeners", listeners)
    asyncio.run(serve())

    assert not errors
    assert b"event: message" in sent, sent


def scope_of(user: User) -> Scope:
    """The request of a program with the user's token."""
    headers = [(b"host", b"localhost"), (b"authorization", bearer(user)["Authorization"].encode())]
    return {
        "type": "http",
        "method": "GET",
        "path": events.PATH,
        "headers": headers,
        "query_string": b"",
        "asgi": {"version": "3.0"},
    }
