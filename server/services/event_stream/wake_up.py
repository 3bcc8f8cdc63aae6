"""The hint that a user's stream has grown. Losing one loses nothing: the events are in the database."""

import logging
import time
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from redis import ConnectionError as NotConnected
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

CHANNEL = "coach:wake-up"
PUBLISH_TIMEOUT_S = 0.15
QUIET_S = 0.5
"""How long nothing is tried after Redis did not answer: a request that tells twice must not wait twice."""


def wake_up(user_ids: Iterable[UUID]) -> None:
    """Tell every web process that these users' streams have grown. Never raises."""
    _wake_ups().send(user_ids)


class WakeUps:
    """Sends wake-ups, unless Redis did not answer a moment ago."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._redis = Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PUBLISH_TIMEOUT_S,
            socket_timeout=PUBLISH_TIMEOUT_S,
            # A connection that Redis closed while it was idle is made again; a Redis that is silent stays so.
            retry=Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
        )

    def send(self, user_ids: Iterable[UUID]) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            for user_id in user_ids:
                self._redis.publish(CHANNEL, str(user_id))
        except (RedisError, OSError) as error:
            self._quiet_until = time.monotonic() + QUIET_S
            logger.warning("No wake-up was sent, streams will look by themselves: %s", error)


@lru_cache
def _wake_ups() -> WakeUps:
    return WakeUps()
