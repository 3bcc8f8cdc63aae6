"""Whether an action waits because the workers have their hands full."""

import time
from pathlib import Path

from redis import Redis, RedisError

from server.enums.queue_name import QueueName
from tests.chaos.counting import counted

MANY = 20
"""Fewer messages are no reason to wait for long."""
MOVING_S = 1.0
TIMEOUT_S = 0.2


class Rush:
    """The queue, seen from outside. Workers that take nothing from a full one are no excuse: they do not work."""

    def __init__(self, redis_url: str, deliveries: Path) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        self._deliveries = deliveries
        self._counted = 0
        self._moving_until = 0.0

    def is_on(self) -> bool:
        """Whether many messages wait, and others were taken a moment ago."""
        now, count = time.monotonic(), counted(self._deliveries)
        if count != self._counted:
            self._counted, self._moving_until = count, now + MOVING_S
        return now < self._moving_until and self._many_wait()

    def _many_wait(self) -> bool:
        try:
            return int(self._redis.llen(QueueName.ACTIONS.value)) > MANY
        except RedisError:
            return False
