"""How the queue stands, in numbers from the database."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import OPEN, WAITING
from server.enums.action_status import OPEN_STATUSES, ActionStatus
from server.enums.action_type import current_name

RECENT_S = 300.0
RECENT_LIMIT_MS = 1_000

IN_BACKLOG = tuple(
    status for status in ActionStatus if status in OPEN_STATUSES or status is ActionStatus.DEAD
)

LANES = f"""
SELECT extract(epoch FROM clock_timestamp() - min(queued_at) FILTER (WHERE status IN ({WAITING})))::float8,
    extract(epoch FROM clock_timestamp() - min(due_at) FILTER (
        WHERE status IN ({WAITING}) AND due_at <= clock_timestamp()))::float8,
    count(DISTINCT user_id)
FROM actions WHERE status IN ({OPEN})
"""

# In the words of the table's partial indexes, `action_lane` and `action_troubled`, so that the ended ones are not read.
BACKLOG = f"""
SELECT status, count(*) FROM actions WHERE status IN ({OPEN}) GROUP BY status
UNION ALL SELECT status, count(*) FROM actions WHERE status = 'dead' GROUP BY status
"""

RECENT = """
SELECT action_type, status, count(*), sum(attempt) FROM actions
WHERE finished_at > clock_timestamp() - make_interval(secs => %(recent_s)s::float8)
GROUP BY action_type, status ORDER BY action_type, status
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStats:
    """How many actions stand at each status; ages in seconds, None where none waits (`oldest_due_s`: is overdue)."""

    status_counts: dict[str, int]
    oldest_waiting_s: float | None
    oldest_due_s: float | None
    lanes_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """How many actions of one type ended at one status, and how many attempts they took."""

    action_type: str
    status: str
    actions: int
    attempts: int


def queue_stats() -> QueueStats:
    """The queue as it stands now; every action there is gets counted."""
    return _stats(Action.objects.status_counts())


def backlog() -> QueueStats:
    """The same without the actions that ended well or were refused: takes as long as the backlog is deep."""
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG)
        counted = dict(cursor.fetchall())
    return _stats({status.value: counted.get(status.value, 0) for status in IN_BACKLOG})


def recent_counts() -> list[TypeCount]:
    """The actions that ended within the last `RECENT_S`.

    Raises `OperationalError` where the database needs longer than `RECENT_LIMIT_MS` to find them.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(RECENT_LIMIT_MS)])
        cursor.execute(RECENT, {"recent_s": RECENT_S})
        counted: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for action_type, status, actions, attempts in cursor.fetchall():
            counted[current_name(action_type), status].append((actions, attempts))
    return [
        TypeCount(
            action_type=action_type,
            status=status,
            actions=sum(actions for actions, _ in counts),
            attempts=sum(attempts for _, attempts in counts),
        )
        for (action_type, status), counts in sorted(counted.items())
    ]


def _stats(status_counts: dict[str, int]) -> QueueStats:
    with connection.cursor() as cursor:
        cursor.execute(LANES)
        oldest_waiting_s, oldest_due_s, lanes_open = cursor.fetchone()
    return QueueStats(
        status_counts=status_counts,
        oldest_waiting_s=oldest_waiting_s,
        oldest_due_s=oldest_due_s,
        lanes_open=lanes_open,
    )
