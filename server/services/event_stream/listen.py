"""Hearing that a user's stream has grown: one Redis subscription and one shared query for a whole web process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import Error
from pydantic import ValidationError
from redis import RedisError
from redis.asyncio import Redis

from server.apps.actions.models import Action
from server.apps.threads import in_thread
from server.apps.users.sign_ins import SignIn, still_valid
from server.services.event_stream import drafts
from server.services.event_stream.drafts import Piece
from server.services.event_stream.heard import Drafts, News, Reader
from server.services.event_stream.read import last_cursors
from server.services.event_stream.running import Attempt, Sighting, attempts_under_way, sightings_of
from server.services.event_stream.wake_up import CHANNEL

T = TypeVar("T")

logger = logging.getLogger(__name__)

LOOK_S = 15.0
LOOK_WHILE_DEAF_S = 1.0
WATCH_S = 0.25
CHECK_S = 15.0
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
REDIS_TIMEOUT_S = 5.0
HEALTH_CHECK_S = 10


class Ear:
    """One open stream: whose it is and by what, how far it was told, and whether it should read on."""

    def __init__(self, user_id: UUID, cursor: int, sign_in: SignIn) -> None:
        self.user_id = user_id
        self.sign_in = sign_in
        self.cursor = cursor
        self.is_closed = False
        self._woken = asyncio.Event()
        self._has_grown = True
        self._reader = Reader()
        self._sighting: Sighting | None = None
        self._told_attempt: Attempt | None = None

    def wake(self) -> None:
        """The stream may have grown."""
        self._has_grown = True
        self._woken.set()

    def nudge(self) -> None:
        """There is something to tell that is not in the stream."""
        self._woken.set()

    def close(self) -> None:
        """The user is gone or may no longer sign in, or what the stream was opened by has ended."""
        self.is_closed = True
        self.wake()

    def forget(self) -> bool:
        """Forget the wake-ups so far, for what they tell of is about to be read: whether the stream may have grown."""
        has_grown, self._has_grown = self._has_grown, False
        self._woken.clear()
        return has_grown

    async def wait(self) -> None:
        """Wait for a wake-up since `forget`."""
        await self._woken.wait()

    def take_drafted(self, heard: Drafts) -> list[News]:
        """What to tell now of what the coach is writing."""
        return self._reader.news(heard.of(self.user_id))

    def lacks(self, attempt: Attempt) -> bool:
        """Whether it was not told of the attempt. A user has one at a time, so the last one told is enough to know."""
        return attempt != self._told_attempt

    def sight(self, sighting: Sighting) -> None:
        """Have an action told that is running, once."""
        if self.lacks(sighting.attempt):
            self._sighting = sighting
            self.wake()

    def take_running(self) -> Action | None:
        """The running action to tell of now, if any: exactly where the stream stands at the sighting's cursor.

        What came before the sighting is told first. What is told already may be of the action's end, so then the
        sighting is forgotten: if the action still runs, it is sighted again.
        """
        sighting = self._sighting
        if sighting is None or self.cursor < sighting.cursor:
            return None
        self._sighting = None
        if self.cursor > sighting.cursor:
            return None
        self._told_attempt = sighting.attempt
        return sighting.action


class Listeners:
    """The open streams of this process.

    A wake-up is a hint that may get lost, so all streams are looked after by one query every `LOOK_S` seconds, and
    every `LOOK_WHILE_DEAF_S` while Redis or the database is away. One query every `WATCH_S` seconds sees which actions
    are running. Every `CHECK_S` seconds a few queries see which sign-ins have ended, and with them their streams.
    """

    def __init__(self) -> None:
        self._ears: dict[UUID, set[Ear]] = {}
        self.drafts = Drafts()
        self._readings: dict[UUID, dict[int, asyncio.Task[Any]]] = {}
        self._hears = False
        self._has_missed = False
        self._failures = 0
        self._look_now = asyncio.Event()
        self._watches = True

    @property
    def count(self) -> int:
        """How many streams are open."""
        return sum(len(ears) for ears in self._ears.values())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Listen, for as long as the block lasts."""
        tasks = [asyncio.create_task(self._for_ever(work)) for work in self._works()]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _works(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        return self._hear, self._look, self._watch, self._check

    @contextmanager
    def listening(self, user_id: UUID, cursor: int, sign_in: SignIn) -> Iterator[Ear]:
        """An ear for the user's stream, told up to `cursor`, for as long as the sign-in lasts."""
        ear = Ear(user_id, cursor, sign_in)
        ears = self._ears.setdefault(user_id, set())
        ears.add(ear)
        try:
            yield ear
        finally:
            ears.discard(ear)
            if not ears:
                self._ears.pop(user_id, None)

    async def read_once(self, ear: Ear, read: Callable[[UUID, int], Coroutine[Any, Any, T]]) -> T:
        """What `read` answers for the ear's user and cursor, asked once for all streams that stand at the same place.

        A stream joins a reading that is under way only if nobody of the user was woken since that began: it may have
        missed what the wake-up told of.
        """
        readings = self._readings.setdefault(ear.user_id, {})
        reading = readings.get(ear.cursor)
        if reading is None:
            reading = readings[ear.cursor] = asyncio.create_task(read(ear.user_id, ear.cursor))
            reading.add_done_callback(partial(self._end_reading, ear.user_id, ear.cursor))
        answer: T = await asyncio.shield(reading)
        return answer

    def _end_reading(self, user_id: UUID, cursor: int, reading: asyncio.Task[Any]) -> None:
        if not reading.cancelled():
            reading.exception()  # whoever waited may be gone: asked for here, so that it is never reported as unseen
        readings = self._readings.get(user_id, {})
        if readings.get(cursor) is reading:
            del readings[cursor]
            if not readings:
                del self._readings[user_id]

    def look_again_soon(self) -> None:
        """A stream could not be read: look after all of them every `LOOK_WHILE_DEAF_S` until that works."""
        if not self._has_missed:
            self._has_missed = True
            asyncio.get_running_loop().call_later(LOOK_WHILE_DEAF_S, self._look_now.set)

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; begin again where it ends by an error that nobody foresaw, or all streams would fall silent."""
        while True:
            try:
                await work()
            except Exception:
                logger.exception("the open streams' listener broke, and begins again")
            self.look_again_soon()
            await asyncio.sleep(LOOK_WHILE_DEAF_S)

    async def _hear(self) -> None:
        while True:
            try:
                await self._hear_until_cut()
            except (RedisError, OSError) as error:
                if self._failures == 0:
                    logger.warning("Redis is away, so streams are looked after every second: %s", error)
            finally:
                self._hears = False
                self._look_now.set()
            pause_s = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
            self._failures += 1
            await asyncio.sleep(pause_s)

    async def _hear_until_cut(self) -> None:
        redis = Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=REDIS_TIMEOUT_S,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_keepalive=True,
            health_check_interval=HEALTH_CHECK_S,
        )
        async with redis, redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL, drafts.CHANNEL)
            while True:
                message = await subscription.get_message(timeout=HEALTH_CHECK_S)
                if message is not None:
                    self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribe":  # what was told before now was not heard
                self._hears = True
                self._failures = 0
                self._look_now.set()
            case "message" if message["channel"] == drafts.CHANNEL.encode():
                with suppress(ValidationError):
                    self._take_piece(Piece.model_validate_json(message["data"]))
            case "message":
                with suppress(ValueError):
                    self._wake(UUID(message["data"].decode()))

    def _take_piece(self, piece: Piece) -> None:
        self.drafts.take(piece)
        self._nudge(piece.user_id)

    def _nudge(self, user_id: UUID) -> None:
        for ear in self._ears.get(user_id, ()):
            ear.nudge()

    def _wake(self, user_id: UUID) -> None:
        self._readings.pop(user_id, None)
        for ear in self._ears.get(user_id, ()):
            ear.wake()

    async def _look(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._look_now.wait()
            self._look_now.clear()
            for user_id in self.drafts.forget_old():
                self._nudge(user_id)
            if self._ears:
                await self._look_after_all()

    def _pause_s(self) -> float:
        return LOOK_S if self._hears and not self._has_missed else LOOK_WHILE_DEAF_S

    def _all(self) -> list[Ear]:
        return [ear for of_user in self._ears.values() for ear in of_user]

    async def _look_after_all(self) -> None:
        ears = self._all()
        try:
            cursors = await in_thread(last_cursors, list(self._ears))
        except Error as error:
            logger.warning("the open streams could not be looked after: %s", error)
            self._has_missed = True
            return
        self._has_missed = False
        for ear in ears:
            self._look_after(ear, cursors.get(ear.user_id))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S if self._watches else LOOK_WHILE_DEAF_S)
            if self._ears:
                await self._sight_what_runs()

    async def _sight_what_runs(self) -> None:
        try:
            attempts = [one for one in await in_thread(attempts_under_way) if self._is_news(one)]
            sightings = await in_thread(sightings_of, attempts) if attempts else []
        except Error as error:
            if self._watches:
                logger.warning("the open streams are not told what runs: %s", error)
            self._watches = False
            return
        self._watches = True
        for sighting in sightings:
            for ear in self._ears.get(sighting.attempt.user_id, ()):
                ear.sight(sighting)

    def _is_news(self, attempt: Attempt) -> bool:
        return any(ear.lacks(attempt) for ear in self._ears.get(attempt.user_id, ()))

    def _look_after(self, ear: Ear, last_cursor: int | None) -> None:
        if last_cursor is None:
            ear.close()
        elif last_cursor != ear.cursor:
            self._readings.pop(ear.user_id, None)
            ear.wake()

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            if self._ears:
                await self._end_with_sign_ins()

    async def _end_with_sign_ins(self) -> None:
        ears = self._all()
        try:
            valid = await in_thread(still_valid, {ear.sign_in for ear in ears})
        except Error as error:
            logger.warning("it is not known which sign-ins have ended: %s", error)
            return
        for ear in ears:
            if ear.sign_in not in valid:
                ear.close()


listeners = Listeners()
"""Those of this process."""
