"""The relay: sends due actions whose message was lost or never sent, and gives up attempts whose worker is gone.

Safe to run twice: a row is marked, or moved, by one of the two.
"""

import json
import logging
from base64 import b64decode
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from redis import Redis, RedisError

from server.apps.actions.models import Action
from server.local.signals import SignalInbox
from server.services.action_handler.handler import give_up_lost, lease_s
from server.services.action_queue.accept import publish_due
from server.services.action_queue.publisher import publisher
from server.services.crash_points import CrashPoint, reach
from workers.celery_app import ACTION_QUEUE, BROKER_TIMEOUT_S
from workers.pruning import pruning

logger = logging.getLogger(__name__)

SWEEP_S = 0.5
GRACE_S = 2.0
BATCH = 500
NOBODY = UUID(int=0)


def run() -> None:
    """Sweep until SIGTERM, SIGINT or SIGHUP."""
    # Not an event that a handler sets: setting waits for a lock, which the interrupted thread may hold for ever.
    with SignalInbox() as inbox:
        logger.info("the relay is running")
        with pruning():
            while not inbox.told_to_end:
                sweep_safely()
                inbox.wait(SWEEP_S)
    logger.info("the relay has stopped")


def sweep_safely() -> None:
    """One sweep; where the database or the broker is away, it says so and the next one tries again."""
    try:
        sweep()
    except (DatabaseFault, RedisError, OSError) as error:
        logger.warning("this sweep could not finish, the next one tries again: %s", error)
        connection.close()


def sweep() -> None:
    """Say that the relay is alive, give up what was lost, send what is due."""
    _beat()
    _give_up_lost()
    _send_unpublished()


def _give_up_lost() -> None:
    for lost in Action.objects.lost(lease_s=lease_s()):
        moved = give_up_lost(lost)
        if moved is not None:
            logger.warning("attempt %s of action %s was lost: %s", lost.attempt, lost.id, moved.status)
            reach(CrashPoint.RELAY_AFTER_GIVING_UP)
            publish_due(moved.user_id, moved.due)


def _send_unpublished() -> None:
    actions = Action.objects.take_unpublished(oldest_queued=_oldest_queued(), grace_s=GRACE_S, limit=BATCH)
    if actions:
        logger.info("sending %d due action(s)", len(actions))
        reach(CrashPoint.RELAY_BEFORE_PUBLISH)
        publisher().publish(actions)
        reach(CrashPoint.RELAY_AFTER_PUBLISH)


def _oldest_queued() -> UUID | None:
    """The action of the oldest message, which stays where it is; None where the queue is empty.

    Raises `RedisError` where the broker is away.
    """
    message = _broker().lindex(ACTION_QUEUE, -1)
    return _action_id(message) if message else None


@lru_cache
def _broker() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=BROKER_TIMEOUT_S, socket_timeout=BROKER_TIMEOUT_S
    )


def _action_id(message: Any) -> UUID:
    """The action that a queued message names; `NOBODY` for garbage, which a worker will throw away."""
    try:
        body = json.loads(b64decode(json.loads(message)["body"]))
        return UUID(str(body[0][0]))
    except (ValueError, KeyError, IndexError, TypeError):
        return NOBODY


def _beat() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO heartbeats (role, beat_at) VALUES ('relay', clock_timestamp()) "
            "ON CONFLICT (role) DO UPDATE SET beat_at = excluded.beat_at"
        )
