"""The relay: sends due actions whose message was lost or never sent, and gives up attempts whose worker is gone.

Safe to run twice: a row is marked, or moved, by one of the two.
"""

import json
import logging
from base64 import b64decode
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from redis import Redis, RedisError

from server.apps.actions.models import Action
from server.apps.actions.queries import Lost, Moved, database_now
from server.enums.queue_name import QueueName
from server.local.signals import SignalInbox
from server.services.action_handler.handler import give_up_lost, lease_s
from server.services.action_queue.accept import publish_due
from server.services.action_queue.publisher import publisher
from server.services.crash_points import CrashPoint, reach
from server.services.sqlstate import is_away
from workers.celery_app import BROKER_TIMEOUT_S
from workers.pruning import pruning

logger = logging.getLogger(__name__)

SWEEP_S = 0.5
GRACE_S = 2.0
BATCH = 500
LOCK_WAIT_MS = 100
"""How long one lost attempt may keep the others waiting: a session may hold its user's rows for long."""
NOBODY = UUID(int=0)
UNFINISHED = "this sweep could not finish, the next one tries again: %s"


def run() -> None:
    """Sweep until SIGTERM, SIGINT or SIGHUP."""
    # Not an event that a handler sets: setting waits for a lock, which the interrupted thread may hold for ever.
    with SignalInbox() as inbox:
        logger.info("the relay is running")
        relay = Relay()
        with pruning():
            while not inbox.told_to_end:
                relay.sweep_safely()
                inbox.wait(SWEEP_S)
        logger.info("the relay has stopped")


class Relay:
    """What a relay does, and what it remembers from one sweep to the next."""

    def __init__(self) -> None:
        self._lost_before: frozenset[Lost] = frozenset()
        self._was_refused = False
        self._refused_until: datetime | None = None

    def sweep_safely(self) -> None:
        """One sweep; where the database or the broker is away, it says so and the next one tries again."""
        try:
            self.sweep()
        except DatabaseFault as error:
            self._was_refused = True
            logger.warning(UNFINISHED, error)
            connection.close()
        except (RedisError, OSError) as error:
            logger.warning(UNFINISHED, error)
        except Exception:
            # Otherwise nothing that was lost would be sent until the relay is started again.
            logger.exception("this sweep failed, the next one tries again")
            connection.close()

    def sweep(self) -> None:
        """Say that the relay is alive, send what is due, give up what was lost."""
        _beat()
        if self._was_refused:
            self._was_refused, self._refused_until = False, database_now()
        try:
            _send_unpublished()
        finally:  # where Redis is away, too
            self._give_up_lost()

    def _give_up_lost(self) -> None:
        """Give up attempts whose lease is over, or whose session is gone for longer than it takes to begin another.

        A worker whose session broke writes the end of its attempt by a new one.
        """
        found = Action.objects.lost(lease_s=lease_s())
        before, self._lost_before = self._lost_before, frozenset(found)
        for lost in found:
            if lost.lease_expired or lost in before:
                self._give_up(lost)

    def _give_up(self, lost: Lost) -> None:
        try:
            moved = self._moved(lost)
        except DatabaseFault as error:
            if not connection.is_usable():
                raise
            self._was_refused = self._was_refused or is_away(error)
            logger.warning("action %s could not be given up, the next sweep tries again: %s", lost.id, error)
            return
        if moved is not None:
            logger.warning("attempt %s of action %s was lost: %s", lost.attempt, lost.id, moved.status)
            reach(CrashPoint.RELAY_AFTER_GIVING_UP)
            publish_due(moved.user_id, moved.due)

    def _moved(self, lost: Lost) -> Moved | None:
        was_away = self._refused_until is not None and lost.started_at < self._refused_until
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(LOCK_WAIT_MS)])
            return give_up_lost(lost, database_was_away=was_away)


def _send_unpublished() -> None:
    is_full = True
    while is_full:  # there may be more, and they have waited as long
        is_full = _send_batch() >= BATCH


def _send_batch() -> int:
    oldest = {queue: _oldest_queued(queue) for queue in QueueName}
    actions = Action.objects.take_unpublished(oldest_queued=oldest, grace_s=GRACE_S, limit=BATCH)
    if actions:
        logger.info("sending %d due action(s)", len(actions))
        reach(CrashPoint.RELAY_BEFORE_PUBLISH)
        publisher().publish(actions)
        reach(CrashPoint.RELAY_AFTER_PUBLISH)
    return len(actions)


def _oldest_queued(queue: QueueName) -> UUID | None:
    """The action of the oldest message, which stays where it is; None where the queue is empty.

    Raises `RedisError` where the broker is away.
    """
    message = _broker().lindex(queue.value, -1)
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
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return NOBODY


def _beat() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO heartbeats (role, beat_at) VALUES ('relay', clock_timestamp()) "
            "ON CONFLICT (role) DO UPDATE SET beat_at = excluded.beat_at"
        )
