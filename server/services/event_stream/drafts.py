"""A coach's message while it is being written: told to the user's open streams, and stored nowhere.

It goes over Redis, for a stream may be open in another web process than the one that asks the coach. A piece that is
lost on the way is missed by the page until the whole message is there.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from pydantic import BaseModel
from redis import Redis

from server.services.hints import Hints

CHANNEL = "coach:drafts"

PAUSE_S = 0.03
"""Between two pieces on the line: what is written meanwhile goes in one."""


class Piece(BaseModel):
    """What was written since the last piece.

    `start` counts the characters before it: what was told from there on is to be forgotten. After the last one, which
    `is_over`, there is no draft any more.
    """

    user_id: UUID
    user_message_id: UUID
    start: int
    text: str
    is_over: bool = False


class Draft:
    """A message that is being written to answer a user's; a `Says` that never blocks."""

    def __init__(self, user_id: UUID, user_message_id: UUID) -> None:
        self._user_id = user_id
        self._user_message_id = user_message_id
        self._text = ""
        self._sent = 0
        self._is_over = False
        self._has_news = asyncio.Event()

    def piece(self, text: str) -> None:
        """The next piece of the message."""
        self._text += text
        self._has_news.set()

    def again(self) -> None:
        """Forget the pieces told so far: the message is written anew."""
        self._text, self._sent = "", 0
        self._has_news.set()

    def end(self) -> None:
        """Nothing more will be written."""
        self._is_over = True
        self._has_news.set()

    async def send_all(self) -> None:
        """Send all of it as it grows, and then its end."""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            start, self._sent = self._sent, len(self._text)
            if start < self._sent or not self._is_over:
                await self._send(self._piece(start, self._text[start:]))
            if self._is_over:
                break
            await asyncio.sleep(PAUSE_S)
        await self._send(self._piece(self._sent, "", is_over=True))

    def _piece(self, start: int, text: str, *, is_over: bool = False) -> Piece:
        return Piece(
            user_id=self._user_id,
            user_message_id=self._user_message_id,
            start=start,
            text=text,
            is_over=is_over,
        )

    async def _send(self, piece: Piece) -> None:
        await asyncio.to_thread(_publish, piece)


_sending: set[asyncio.Task[None]] = set()

SENT_WITHIN_S = 1.0
"""Redis may be slow, or away: who ends does not wait for it any longer."""


@contextmanager
def drafting(user_id: UUID, user_message_id: UUID) -> Iterator[Draft]:
    """A draft, told to the user's streams while the block lasts. Nobody waits for Redis to have heard of it."""
    draft = Draft(user_id, user_message_id)
    sending = asyncio.create_task(draft.send_all())
    _sending.add(sending)
    sending.add_done_callback(_sending.discard)
    try:
        yield draft
    finally:
        draft.end()


async def drafts_sent() -> None:
    """Wait until the drafts that ended are sent, their ends too: for who is about to end the event loop."""
    if _sending:
        await asyncio.wait(_sending, timeout=SENT_WITHIN_S)


def _publish(piece: Piece) -> None:
    def publish(redis: Redis) -> None:
        redis.publish(CHANNEL, piece.model_dump_json())

    _hints().send(publish, otherwise="the page shows the message when it is whole")


@lru_cache
def _hints() -> Hints:
    return Hints(settings.REDIS_URL)
