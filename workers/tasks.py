"""The one task: a message names an action, the executor does the rest.

Its name never changes, so that no message is unknown to a worker of another version; per-action names are the messages'
`shadow`, for logs and Flower.
"""

import gc
import logging
from itertools import count
from uuid import UUID

from server.enums.action_status import ActionStatus
from server.services.action_handler.handler import apply_action
from server.services.action_queue.accept import publish_due
from server.services.crash_points import CrashPoint, reach
from workers.celery_app import APPLY, app

logger = logging.getLogger(__name__)

COLLECTED_EVERY = 50
"""Failures. Celery's record of one and its own frame that made it hold each other, a hundred kilobytes each time, and
Python looks for such cycles among old objects only when there are some thousands more of those. Clearing the error's
frames (`traceback.clear_frames`) does not part them: over 700 failures a worker grew by 30 MiB with it as without."""

_failures = count(1)


class AttemptFailed(Exception):
    """The attempt failed and the action is retried or dead: said to Celery, so that Flower counts a failure."""


@app.task(name=APPLY, ignore_result=True)
def apply(action_id: str) -> str:
    """Apply one action; the answer, for Flower, is what became of it."""
    attempt = apply_action(UUID(action_id))
    if attempt is None:
        return "nothing to do"
    publish_due(attempt.moved.user_id, attempt.moved.due)
    reach(CrashPoint.AFTER_PUBLISH)
    if attempt.error is not None:
        if next(_failures) % COLLECTED_EVERY == 0:
            gc.collect()
        raise AttemptFailed(attempt.summary) from attempt.error
    if attempt.moved.status is not ActionStatus.SUCCEEDED:
        logger.info("action %s %s: %s", action_id, attempt.moved.status, attempt.summary)
    return f"{attempt.moved.status}: {attempt.summary}"
