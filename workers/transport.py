"""kombu's Redis transport, with two things mended that a worker lives by."""

import logging
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)


class Channel(redis.Channel):
    """Throws garbage away instead of ending the worker, and keeps its clients instead of making one per command.

    The types of kombu's Redis channel leave out what is overridden here.
    """

    def _brpop_read(self, **options: Any) -> Any:
        # What a task raises is caught inside Celery: an error of these kinds here is a message that cannot be read.
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.exception("a message that is no task was taken off the queue and thrown away")
            raise Empty from None

    def _create_client(self, asynchronous: bool = False) -> Any:
        # A client holds nothing but its pool, which the channel keeps; kombu makes a new one for every command, which
        # costs more than the command. The polling client keeps its connection, so it is made by kombu as ever.
        if asynchronous:
            return super()._create_client(asynchronous=True)  # type: ignore[misc]
        kept = self.__dict__.get("_kept_client")
        if kept is None or kept.connection_pool is not self.pool:
            kept = self.__dict__["_kept_client"] = super()._create_client()  # type: ignore[misc]
        return kept


class Transport(redis.Transport):
    """`redis://` as this project's processes speak it."""

    Channel = Channel


def install() -> None:
    """Let kombu open `redis://` and `rediss://` addresses by this transport, in this process."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "workers.transport:Transport"))
