"""The hint that a user's stream has grown. Losing one loses nothing: the events are in the database."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from redis import Redis

from server.services.hints import Hints

CHANNEL = "coach:wake-up"


def wake_up(user_ids: Iterable[UUID]) -> None:
    """Tell every web process that these users' streams have grown. Never raises."""

    def publish(redis: Redis) -> None:
        for user_id in user_ids:
            redis.publish(CHANNEL, str(user_id))

    _hints().send(publish, otherwise="streams will look by themselves")


@lru_cache
def _hints() -> Hints:
    return Hints(settings.REDIS_URL)
