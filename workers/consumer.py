"""The part of a worker that takes messages off the queue: Celery's, with what a worker lives by mended."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.state import maybe_shutdown
from redis import ResponseError

from workers.celery_app import APPLY
from workers.transport import throw_away

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.1
LAST_RETRY_S = 1.0
SAY_EVERY_S = 30.0
REFUSED_S = 1.0


class Consumer(CeleryConsumer):
    """Comes back within about a second of Redis, and lets only messages that name an action reach a task."""

    def ensure_connected(self, conn: Any) -> Any:
        # Celery's own waits two seconds longer after every try, up to half a minute.
        conn.ensure_connection(
            _Complaint(conn.as_uri()),
            None,
            interval_start=FIRST_RETRY_S,
            interval_step=FIRST_RETRY_S,
            interval_max=LAST_RETRY_S,
            callback=maybe_shutdown,
        )
        self.first_connection_attempt = False
        return conn

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        super().on_connection_error_before_connected(exc)
        _wait_if_refused(exc)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        super().on_connection_error_after_connected(exc)
        _wait_if_refused(exc)

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable[[Any], None]:
        handle = super().create_task_handler(*args, **kwargs)

        def handle_action(message: Any) -> None:
            problem = problem_of(message)
            if problem is None:
                handle(message)
            else:
                throw_away(problem, message.body)

        return handle_action

    def cancel_active_requests(self) -> None:
        """Nothing: one process cannot cancel what it is at, and would only fail in the middle of the attempt.

        Celery asks for it where it is told twice to end; the attempt ends by itself, and the worker after it.
        """

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        throw_away(f"it cannot be decoded ({type(exc).__name__})", message.body)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        throw_away(f"it is no valid task ({type(exc).__name__})", message.body)


def _wait_if_refused(error: Exception) -> None:
    """Redis is there and refuses: it is full, or a replica. At once it would only refuse again."""
    if isinstance(error, ResponseError):
        time.sleep(REFUSED_S)


class _Complaint:
    """Says that the broker is away: at once, and then every `SAY_EVERY_S`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._quiet_until = 0.0

    def __call__(self, error: Exception, interval_s: float) -> None:
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + SAY_EVERY_S
            logger.error("the broker at %s is away, trying until it is back: %s", self._address, error)


def problem_of(message: Any) -> str | None:
    """Why a message is none that names an action; None where it is one.

    Celery would find out too, but by a traceback, a log line of the message's length, or a request that it never
    forgets.
    """
    headers = message.headers
    if headers.get("task") != APPLY or not isinstance(message.delivery_tag, str):
        return "it is for another task"
    if headers.get("eta") or headers.get("expires"):
        return "it is for another time"
    if message.content_type != "application/json":
        return "it is not JSON"
    return _problem_of_body(message.body)


def _problem_of_body(body: Any) -> str | None:
    try:
        arguments, keywords, embedded = json.loads(body)
        (action_id,) = arguments
        UUID(action_id)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "its argument is not the id of an action"
    if keywords or not isinstance(embedded, dict) or any(embedded.values()):
        return "it brings more than the id of an action"
    return None
