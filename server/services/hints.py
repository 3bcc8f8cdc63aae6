"""Telling Redis what it may lose."""

import logging
import time
from collections.abc import Callable

from redis import ConnectionError as NotConnected
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT_S = 0.15
"""Of each wait for Redis. There are three at most, for the connection, the password and the command, which leaves them
within the half second that publishing may take (`Publisher`); a URL with a database number other than 0 adds a fourth.
None is made twice: what is tried again is a connection that was closed, not one that was waited for in vain."""

QUIET_S = 0.5


class Hints:
    """Sends commands that nothing depends on, and never makes its caller wait long for it.

    Where Redis does not answer, it gives up after `TIMEOUT_S` and tries nothing for `QUIET_S`: a request that tells
    twice must not wait twice.
    """

    def __init__(self, url: str) -> None:
        self._quiet_until = 0.0
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            # What redis-py would say beside the password when it connects: each word waits for an answer of its own,
            # and a slow Redis would make the caller wait for all of them.
            protocol=2,
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
            # A connection that Redis closed while it was idle is made again; a Redis that is silent stays so.
            retry=Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
        )

    def send(self, command: Callable[[Redis], object], *, otherwise: str) -> None:
        """Run `command`. Never raises: what happens instead (`otherwise`) is logged."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            command(self._redis)
        except (RedisError, OSError) as error:
            self._quiet_until = time.monotonic() + QUIET_S
            logger.warning("Redis was not told, %s: %s", otherwise, error)
