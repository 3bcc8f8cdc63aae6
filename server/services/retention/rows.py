"""Removing old rows, in batches, oldest first. A row that somebody else holds is passed over: nobody is waited for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from server.apps.actions.models import Action, OperatorEntry
from server.apps.chat_messages.models import IdempotencyKey
from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.services.retention.walk import number, users_in_parts

ROWS_AT_ONCE = 1_000

# In the words of the partial index `action_traced`.
TRACED = """
SELECT id FROM actions WHERE traceback <> '' AND finished_at < %(before)s::timestamptz
ORDER BY finished_at LIMIT %(limit)s::int
"""

COUNT_TRACED = "SELECT count(*) FROM actions WHERE traceback <> '' AND finished_at < %(before)s::timestamptz"

# The users whose first action is an old one, by one look into the index of the lanes per user.
USERS = """
SELECT u.id, coalesce(first.queued_at < %(before)s::timestamptz, false)
FROM (SELECT id FROM users WHERE id > %(after)s::uuid ORDER BY id LIMIT %(limit)s::int) u
LEFT JOIN LATERAL (
    SELECT a.queued_at FROM actions a WHERE a.user_id = u.id ORDER BY a.seq LIMIT 1
) first ON true
ORDER BY u.id
"""


def remove_keys(before: datetime) -> Iterator[int]:
    """Remove the keys of requests to which an answer was last begun before that time; how many went in each batch."""
    for window in _windows(IdempotencyKey.objects.order_by("id"), "id", "expires_at", before):
        yield _remove(IdempotencyKey.objects.filter(pk__in=window, expires_at__lt=before))


def count_keys(before: datetime) -> int:
    return IdempotencyKey.objects.filter(expires_at__lt=before).count()


def remove_sessions(now: datetime) -> Iterator[int]:
    """Remove the sessions that have expired."""
    expired = Session.objects.filter(expire_date__lt=now)
    while gone := _remove(expired.order_by("expire_date")):
        yield gone


def count_sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).count()


def clear_tracebacks(before: datetime) -> Iterator[int]:
    """Clear the tracebacks of actions that have ended before that time; all else of the action stays."""
    while cleared := _clear(_ids(TRACED, {"before": before, "limit": ROWS_AT_ONCE})):
        yield cleared


def count_tracebacks(before: datetime) -> int:
    return number(COUNT_TRACED, {"before": before})


def remove_actions(before: datetime) -> Iterator[int]:
    """Remove actions that have ended before that time. One that an operator touched stays: its row is the audit's."""
    for user_ids in users_in_parts(USERS, {"before": before}):
        yield 0  # the look at so many users is a batch too
        for user_id in user_ids:
            of_user = Action.objects.filter(user_id=user_id).order_by("seq")
            for window in _windows(of_user, "seq", "queued_at", before):
                yield _remove(_removable(before).filter(user_id=user_id, seq__in=window))


def count_actions(before: datetime) -> int:
    return _removable(before).count()


def remove_left_over() -> Iterator[int]:
    """Remove the scenarios that replays made, and were ended too suddenly to remove; their users go with them."""
    yield from TestScenario.objects.remove_left_over()


def count_left_over() -> int:
    return TestScenario.objects.left_over().count()


def remove_replays(before: datetime) -> Iterator[int]:
    """Remove replays that have ended before that time, with their reports. Users that were to be kept stay."""
    old = ReplayRun.objects.filter(ended_at__lt=before)
    while gone := _remove(old.order_by("ended_at")):
        yield gone


def count_replays(before: datetime) -> int:
    return ReplayRun.objects.filter(ended_at__lt=before).count()


def _removable(before: datetime) -> QuerySet[Action]:
    audited = OperatorEntry.objects.filter(action=OuterRef("pk"))
    return Action.objects.ended().filter(~Exists(audited), finished_at__lt=before)


def _windows(
    ordered: QuerySet[Any], number_field: str, time_field: str, before: datetime
) -> Iterator[list[int]]:
    """Rows that come in the order of their age, in parts, for as long as a part has an old one: their numbers."""
    after = 0
    while True:
        later = ordered.filter(**{f"{number_field}__gt": after})
        rows = list(later.values_list(number_field, time_field)[:ROWS_AT_ONCE])
        if not any(time < before for _, time in rows):
            return
        after = rows[-1][0]
        yield [found for found, time in rows if time < before]


def _clear(ids: list[Any]) -> int:
    with transaction.atomic():
        return Action.objects.filter(pk__in=_held(Action.objects.ended().filter(pk__in=ids))).update(
            traceback=""
        )


def _remove(rows: QuerySet[Any]) -> int:
    with transaction.atomic():
        ids = _held(rows)
        rows.order_by().filter(pk__in=ids).delete()
    return len(ids)


def _held(rows: QuerySet[Any]) -> list[Any]:
    """The keys of the first rows, which are held until the transaction ends; not those that somebody else holds."""
    return list(
        rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:ROWS_AT_ONCE]
    )


def _ids(sql: str, parameters: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
