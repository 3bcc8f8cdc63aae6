"""kombu's Redis transport, with a few things mended that a worker lives by."""

import logging
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis import RedisError

logger = logging.getLogger(__name__)

LONGEST = 256 * 1024
"""In bytes. A message that names an action has about one thousand, an answer to Flower some ten thousand."""
SHOWN = 100


class Channel(redis.Channel):
    """Throws garbage away instead of ending the worker, and keeps its clients instead of making one per command.

    The types of kombu's Redis channel leave out what is overridden here.
    """

    _taken: Any = b""

    def _brpop_read(self, **options: Any) -> Any:
        # What a task raises is caught inside Celery: an error here is the connection's, or that of a message which
        # cannot be read.
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except (Empty, OSError, RedisError):
            raise
        except Exception as error:  # noqa: BLE001  (whatever garbage there is, it may not end the worker)
            throw_away(f"it cannot be read ({type(error).__name__})", self._taken)
            raise Empty from None
        finally:
            self._taken = b""

    def _receive_one(self, c: Any) -> Any:
        # What a remote command raises is caught inside Celery, as above.
        try:
            return super()._receive_one(c)  # type: ignore[misc]
        except (Empty, OSError, RedisError):
            raise
        except Exception as error:  # noqa: BLE001  (as above)
            throw_away(f"it is no command ({type(error).__name__})")

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        # Celery acknowledges even what is taken without acknowledgement, and kombu would remember each tag for ever.
        try:
            self.qos.get(delivery_tag)
        except KeyError:  # it awaits none
            return
        super().basic_ack(delivery_tag, multiple)

    def _create_client(self, asynchronous: bool = False) -> Any:
        # A client holds nothing but its pool, which the channel keeps; kombu makes a new one for every command, which
        # costs more than the command. The polling client keeps its connection, so it is made by kombu as ever.
        if asynchronous:
            client = super()._create_client(asynchronous=True)  # type: ignore[misc]
            client.set_response_callback("BRPOP", self._take)
            return client
        kept = self.__dict__.get("_kept_client")
        if kept is None or kept.connection_pool is not self.pool:
            kept = self.__dict__["_kept_client"] = super()._create_client()  # type: ignore[misc]
        return kept

    def _take(self, reply: Any) -> Any:
        """What BRPOP answered: the queue's name and the message. Raises `TooLong`."""
        if not reply:
            return None
        self._taken = reply[1]
        if len(self._taken) > LONGEST:
            raise TooLong
        return reply


class TooLong(ValueError):
    """The message is longer than any that this project sends."""


def throw_away(why: str, message: object = None) -> None:
    """Say, in one short line, that a message was taken and thrown away."""
    shown = f": {message[:SHOWN]!r}" if isinstance(message, str | bytes) else ""
    logger.error("threw a message away, %s%s", why, shown)


class Transport(redis.Transport):
    """`redis://` as this project's processes speak it."""

    Channel = Channel

    _loop: Any = None
    _ticks: frozenset[Any] | set[Any] = frozenset()

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        # kombu never takes back what it adds here, so every reconnection would make the loop's turns a little longer.
        before = set(loop.on_tick)
        super().register_with_event_loop(connection, loop)
        self._loop, self._ticks = loop, loop.on_tick - before

    def close_connection(self, connection: Any) -> None:
        if self._loop is not None:
            self._loop.on_tick.difference_update(self._ticks)  # first: where Redis is gone, closing fails
        super().close_connection(connection)


def install() -> None:
    """Let kombu open `redis://` and `rediss://` addresses by this transport, in this process."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "workers.transport:Transport"))
