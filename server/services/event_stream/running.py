"""What runs at this moment. No event is stored of it: that would cost every claim another write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from server.apps.actions.models import Action
from server.apps.events.models import EventStream
from server.enums.action_status import ActionStatus

# The status stands in the text of the query: only so is the small index of what runs of use to it.
RUNNING = "SELECT user_id, id, attempt, started_at FROM actions WHERE status = 'running'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt under way. `number` is 1-based; an attempt that was given back is begun again with its number."""

    user_id: UUID
    action_id: UUID
    number: int
    started_at: datetime | None

    @classmethod
    def of(cls, action: Action) -> Self:
        return cls(
            user_id=action.user_id,
            action_id=action.id,
            number=action.attempt,
            started_at=action.started_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An action that was running when the last cursor of its user's stream was `cursor`."""

    action: Action
    attempt: Attempt
    cursor: int


def attempts_under_way() -> list[Attempt]:
    """All attempts under way, of all users: no more than there are workers."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING)
        return [
            Attempt(user_id=row[0], action_id=row[1], number=row[2], started_at=row[3])
            for row in cursor.fetchall()
        ]


def sightings_of(attempts: Iterable[Attempt]) -> list[Sighting]:
    """Those of these attempts' actions that are running, each read in one moment with its user's last cursor."""
    ids = [attempt.action_id for attempt in attempts]
    last_cursor = EventStream.objects.filter(user_id=OuterRef("user_id")).values("last_cursor")
    rows = Action.objects.filter(id__in=ids, status=ActionStatus.RUNNING).defer("traceback")
    return [
        Sighting(action=row, attempt=Attempt.of(row), cursor=row.last_cursor)  # type: ignore[attr-defined]  # annotated
        for row in rows.annotate(last_cursor=Subquery(last_cursor))
    ]
