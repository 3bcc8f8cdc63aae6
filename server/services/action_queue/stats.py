"""How the queue stands, in numbers from the database."""

from dataclasses import dataclass

from django.db import connection

from server.apps.actions.models import Action
from server.apps.actions.queries import OPEN, WAITING

LANES = f"""
SELECT extract(epoch FROM clock_timestamp() - min(queued_at) FILTER (WHERE status IN ({WAITING})))::float8,
    extract(epoch FROM clock_timestamp() - min(due_at) FILTER (
        WHERE status IN ({WAITING}) AND due_at <= clock_timestamp()))::float8,
    count(DISTINCT user_id)
FROM actions WHERE status IN ({OPEN})
"""

PER_TYPE = "SELECT action_type, status, count(*), sum(attempt) FROM actions GROUP BY 1, 2 ORDER BY 1, 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStats:
    """How many actions stand at each status; ages in seconds, None where none waits (`oldest_due_s`: is overdue)."""

    status_counts: dict[str, int]
    oldest_waiting_s: float | None
    oldest_due_s: float | None
    lanes_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """How many actions of one type stand at one status, and how many attempts they took."""

    action_type: str
    status: str
    actions: int
    attempts: int


def queue_stats() -> QueueStats:
    """The queue as it stands now."""
    with connection.cursor() as cursor:
        cursor.execute(LANES)
        oldest_waiting_s, oldest_due_s, lanes_open = cursor.fetchone()
    return QueueStats(
        status_counts=Action.objects.status_counts(),
        oldest_waiting_s=oldest_waiting_s,
        oldest_due_s=oldest_due_s,
        lanes_open=lanes_open,
    )


def counts_per_type() -> list[TypeCount]:
    """Every action there is, counted by type and status."""
    with connection.cursor() as cursor:
        cursor.execute(PER_TYPE)
        return [
            TypeCount(action_type=row[0], status=row[1], actions=row[2], attempts=row[3])
            for row in cursor.fetchall()
        ]
