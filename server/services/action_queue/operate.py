"""What an operator may do to an action: retry one that has ended, cancel one that waits. Both are audited."""

from functools import partial

from django.db import transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import ActionRef, Moved
from server.apps.events.models import EventStream
from server.enums.action_status import ENDED_STATUSES, OPEN_STATUSES, ActionStatus
from server.services.action_handler.models.actions import policy_of
from server.services.action_queue.accept import publish_due, ref
from server.services.action_queue.deadlock import in_transaction


class NotPossible(Exception):
    """The action stands where the verb does not apply; the message says where, and what does apply."""


def retry(action: Action, *, operator: str) -> Moved:
    """Queue an ended action again, in its old place in the lane, with as many attempts as a new one has.

    Raises `NotPossible` for an action that has not ended, was moved since it was read, or whose message is gone.
    """
    return in_transaction(partial(_retry, action, operator))


def _retry(action: Action, operator: str) -> Moved:
    """A reset holds the stream and then takes the messages off the ended actions: the same order here."""
    EventStream.objects.select_for_update().filter(user_id=action.user_id).first()
    row = Action.objects.filter(id=action.id).first()
    if row is None or row.status not in ENDED_STATUSES:
        raise NotPossible(_why_no_retry(action))
    if row.coach_message_id is None:
        raise NotPossible(
            f"The message of the action {action.id} is gone, its chat was reset: it cannot be retried."
        )
    attempts = policy_of(action.action_type).max_attempts
    moved = Action.objects.retry(action, operator=operator, attempts=attempts)
    if moved is None:
        raise NotPossible(_why_no_retry(action))
    _publish(moved, ref(action))
    return moved


def cancel(action: Action, *, operator: str) -> Moved:
    """Take a waiting action out of its lane, and let the lane go on.

    Raises `NotPossible` for an action that is running or has ended, or was moved since it was read.
    """
    return in_transaction(partial(_cancel, action, operator))


def _cancel(action: Action, operator: str) -> Moved:
    moved = Action.objects.cancel(action, operator=operator)
    if moved is None:
        raise NotPossible(_why_no_cancel(action))
    _publish(moved, moved.due)
    return moved


def _publish(moved: Moved, due: ActionRef | None) -> None:
    transaction.on_commit(partial(publish_due, moved.user_id, due))


def _why_no_retry(action: Action) -> str:
    status = _status_now(action)
    if status == ActionStatus.RUNNING:
        return f"The action {action.id} is running: it can be retried once it has ended."
    if status in OPEN_STATUSES:
        return f"The action {action.id} is {status}: it will run by itself; only an ended one can be retried."
    return _moved(action, status)


def _why_no_cancel(action: Action) -> str:
    status = _status_now(action)
    if status == ActionStatus.RUNNING:
        return f"The action {action.id} is running: it can be cancelled only while it waits."
    if status in ENDED_STATUSES:
        return f"The action {action.id} has ended already ({status}): there is nothing to cancel."
    return _moved(action, status)


def _moved(action: Action, status: str | None) -> str:
    if status is None:
        return f"The action {action.id} is gone."
    return f"The action {action.id} has moved since it was read (now {status}): look again."


def _status_now(action: Action) -> str | None:
    return Action.objects.filter(id=action.id).values_list("status", flat=True).first()
