"""The verbs that write an action's status: no other module does.

Each verb is one statement. It names the action, the attempt, the session that holds it and the statuses it expects
(the fence), and takes what follows from the write with it: the event that tells the client, and the lane's next action,
marked as published. A verb whose fence does not hold changes nothing and answers None.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from server.enums.action_status import ENDED_STATUSES, OPEN_STATUSES, WAITING_STATUSES, ActionStatus
from server.enums.action_type import ActionType, current_name
from server.enums.queue_name import QueueName
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.outcomes import Rejected
from server.services.action_handler.retry import LONGEST_DELAY_S, Transition, rejected

if TYPE_CHECKING:
    from server.apps.actions.models import Action


@dataclass(frozen=True, slots=True)
class ActionRef:
    """What a queue message needs of an action, and which queue it goes to."""

    id: UUID
    action_type: str
    queue: QueueName = QueueName.ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An attempt that has begun: what a worker needs to run it. `attempt` is 1-based."""

    id: UUID
    user_id: UUID
    coach_message_id: UUID | None
    action_type: str
    params_version: int
    parameters: dict[str, Any]
    attempt: int
    max_attempts: int
    holder_since: datetime
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A status that was written: whose action it was, and the lane's next one where that is now to be published."""

    user_id: UUID
    status: ActionStatus
    due: ActionRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A running action, begun at `started_at`, whose holder is gone, or did not end within its lease (`lease_expired`).

    `database_restarted` where the database was started anew after it was claimed.
    """

    id: UUID
    action_type: str
    attempt: int
    max_attempts: int
    started_at: datetime
    holder_since: datetime
    lease_expired: bool
    database_restarted: bool


def _sql_list(statuses: Iterable[ActionStatus]) -> str:
    return ", ".join(f"'{status}'" for status in sorted(statuses))


OPEN = _sql_list(OPEN_STATUSES)
WAITING = _sql_list(WAITING_STATUSES)
QUEUED_OR_RETRYING = _sql_list(WAITING_STATUSES - {ActionStatus.PARKED})
ENDED = _sql_list(ENDED_STATUSES)
KNOWN = ", ".join(
    f"'{wire_id}/{version}'"
    for action_type, params in ACTION_PARAMS.items()
    for wire_id in action_type.wire_ids
    for version in range(1, params.version + 1)
)
UNKNOWN_OFFERED_EVERY_S = 10

# The status of a row that is looked up by its id. Said plainly, it would let the planner take the lanes' partial index
# for the id's: where the statistics are of a time at which little was open, that index looks empty, and every row of a
# backlog would be read for each action of it.
FOUND_STATUS = "coalesce(a.status, '')"

IS_KNOWN = f"a.action_type || '/' || a.params_version IN ({KNOWN})"

# An action's time has come as soon as it is queued; a retry, and one that was parked, waits. A time further away than
# any wait was told before the clock was set back.
IS_TIME = f"""(a.status = 'queued' OR a.due_at <= clock_timestamp()
    OR a.due_at > clock_timestamp() + make_interval(secs => {LONGEST_DELAY_S + 60}))"""

# What a worker may claim: one that is parked, only where this worker knows it.
IS_DUE = f"{IS_TIME} AND (a.status <> 'parked' OR {IS_KNOWN})"

# The phase of a response that a program posted is settled here: the one that the user is in when the response's first
# action comes up in the lane. The claim waits for no disk: it commits before the effect, whose commit waits for both,
# and should the database itself crash in between, the attempt has not begun. The lane's first action is looked up by
# the index, one row, however long the lane is; so it is in MOVE. A row that another session holds is passed over: that
# may take long, other lanes would wait with this worker, and the relay sends the action again.
CLAIM = f"""
WITH claimed AS (
    UPDATE actions a
    SET status = 'running', attempt = a.attempt + 1, started_at = clock_timestamp(),
        lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s::float8), holder = pg_backend_pid(),
        holder_since = (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid()))
    WHERE a.id = (SELECT id FROM actions WHERE id = %(id)s FOR NO KEY UPDATE SKIP LOCKED)
      AND {FOUND_STATUS} IN ({WAITING}) AND {IS_DUE} AND a.attempt < a.max_attempts
      AND a.seq = (
          SELECT first.seq FROM actions first
          WHERE first.user_id = a.user_id AND first.status IN ({OPEN}) ORDER BY first.seq LIMIT 1)
      AND NOT EXISTS (
          SELECT FROM actions other
          WHERE other.user_id = a.user_id AND other.status = 'running' AND other.id <> a.id)
    RETURNING a.id, a.user_id, a.coach_message_id, a.action_type, a.params_version, a.parameters, a.attempt,
        a.max_attempts, a.holder_since
), settled AS (
    UPDATE chat_messages m SET phase = s.current_phase
    FROM claimed c JOIN coach_states s ON s.user_id = c.user_id
    WHERE m.id = c.coach_message_id AND m.phase IS NULL
)
SELECT c.id, c.user_id, c.coach_message_id, c.action_type, c.params_version, c.parameters::text, c.attempt,
    c.max_attempts, c.holder_since, coalesce(m.phase, s.current_phase, ''),
    set_config('synchronous_commit', 'off', true)
FROM claimed c
LEFT JOIN coach_states s ON s.user_id = c.user_id
LEFT JOIN chat_messages m ON m.id = c.coach_message_id
"""

# A number of an attempt may stand twice: a claim that the database lost in a crash, for it waited for no disk, is made
# again by another session. So the fence is the session too, by its start.
# `told` numbers the event(s) under the stream's row lock, so cursors rise in commit order. The client is told of the
# state too where the action changed it. `due` is the lane's next action; one taken out from behind the lane's first
# leaves that as it was. Where another session holds that row, an operator's, it is left to the relay: that session may
# be waiting for the stream, and each would wait for the other.
MOVE = f"""
WITH moved AS (
    UPDATE actions a
    SET status = %(status)s::text, result_summary = %(result_summary)s, error_kind = %(error_kind)s::text,
        error_message = %(error_message)s, traceback = %(traceback)s,
        attempt = attempt - %(attempts_given_back)s::int,
        max_attempts = greatest(max_attempts + %(excused)s::int, attempt + %(attempts_granted)s::int),
        due_at = clock_timestamp() + make_interval(secs => %(delay_s)s::float8),
        finished_at = CASE WHEN %(status)s::text IN ({ENDED}) THEN clock_timestamp() END,
        published_at = CASE WHEN %(status)s::text = 'queued' THEN clock_timestamp() END,
        lease_until = NULL, holder = NULL, holder_since = NULL
    WHERE id = %(id)s AND attempt = %(attempt)s AND {FOUND_STATUS} = ANY(%(from_statuses)s::text[])
      AND holder_since IS NOT DISTINCT FROM %(holder_since)s::timestamptz
    RETURNING id, user_id, seq, action_type, status, attempt, max_attempts, result_summary, error_kind, error_message,
        queued_at, started_at, finished_at, due_at
), stream AS (
    UPDATE event_streams s SET last_cursor = s.last_cursor + 1 + %(state_changed)s::int
    FROM moved WHERE s.user_id = moved.user_id
    RETURNING s.last_cursor
), told AS (
    INSERT INTO events (user_id, cursor, kind, action_id, data)
    SELECT moved.user_id, stream.last_cursor - %(state_changed)s::int, 'action', moved.id, jsonb_build_object(
        'status', moved.status, 'attempt', moved.attempt, 'max_attempts', moved.max_attempts,
        'result_summary', moved.result_summary, 'error_kind', moved.error_kind, 'error_message', moved.error_message,
        'queued_at', moved.queued_at, 'started_at', moved.started_at, 'finished_at', moved.finished_at,
        'due_at', moved.due_at)
    FROM moved, stream
    UNION ALL
    SELECT moved.user_id, stream.last_cursor, 'coach_state', NULL, NULL
    FROM moved, stream WHERE %(state_changed)s::int = 1
), head AS (
    SELECT first.id FROM moved CROSS JOIN LATERAL (
        SELECT a.id, a.seq, a.status FROM actions a
        WHERE a.user_id = moved.user_id AND a.status IN ({OPEN}) AND a.id <> moved.id
        ORDER BY a.seq LIMIT 1
    ) first
    WHERE moved.status IN ({ENDED}) AND first.status = 'queued'
      AND (first.seq > moved.seq OR %(was_running)s::bool)
), locked AS (
    SELECT a.id FROM actions a JOIN head ON head.id = a.id WHERE {FOUND_STATUS} = 'queued'
    FOR NO KEY UPDATE OF a SKIP LOCKED
), due AS (
    UPDATE actions a SET published_at = clock_timestamp() FROM locked WHERE a.id = locked.id
    RETURNING a.id, a.action_type, a.test_scenario_id IS NOT NULL AS is_replayed
)
SELECT moved.user_id, moved.status, due.id, due.action_type, due.is_replayed FROM moved LEFT JOIN due ON true
"""

# A session that is gone can commit nothing more, so its attempt is lost at once; a session that lives has until its
# lease ends. A process id is used again, so the session is known by its start too. A lease that ends later than any
# lease can was told before the clock was set back.
LOST = """
SELECT a.id, a.action_type, a.attempt, a.max_attempts, a.started_at, a.holder_since,
    a.lease_until <= clock_timestamp(), a.holder_since < pg_postmaster_start_time()
FROM actions a
WHERE a.status = 'running' AND (
    a.lease_until <= clock_timestamp()
    OR a.lease_until > clock_timestamp() + make_interval(secs => %(longest_lease_s)s::float8)
    OR NOT EXISTS (SELECT FROM pg_stat_get_activity(a.holder) s WHERE s.backend_start = a.holder_since))
"""


# No message for an action can still be waiting: none was sent, or it is older than the oldest message in its queue and
# has not been claimed within the grace, or it was sent at a time that is yet to come, before the clock was set back.
# Where that oldest message is garbage, or for an action that has ended, it does not tell how old the others are:
# nothing is taken for lost until a worker has taken it away, or the queue would grow at every sweep while no worker
# runs.
def _oldest_published(queue: QueueName) -> str:
    return f"""coalesce(
        (SELECT oldest.published_at FROM actions oldest WHERE oldest.id = %({queue})s::uuid),
        CASE WHEN %({queue})s::uuid IS NULL THEN clock_timestamp() ELSE '-infinity' END)"""


NO_MESSAGE_WAITS = f"""(a.published_at IS NULL OR a.published_at > clock_timestamp() OR a.published_at <
    CASE WHEN a.test_scenario_id IS NULL THEN {_oldest_published(QueueName.ACTIONS)}
         ELSE {_oldest_published(QueueName.REPLAY)} END
    - make_interval(secs => %(grace_s)s::float8))"""

# The first open action of each lane, where it is due and no message for it waits. A parked one is offered to the
# workers again and again: one of them may know it by now, whether or not this process does. Most of these messages come
# to nothing, so there are few of them, and they take turns, beginning with the one that was offered longest ago.
UNPUBLISHED = f"""
WITH RECURSIVE lanes AS (
    (SELECT user_id FROM actions WHERE status IN ({OPEN}) ORDER BY user_id LIMIT 1)
    UNION ALL
    SELECT (SELECT a.user_id FROM actions a WHERE a.status IN ({OPEN}) AND a.user_id > lanes.user_id
            ORDER BY a.user_id LIMIT 1)
    FROM lanes WHERE lanes.user_id IS NOT NULL
), heads AS (
    SELECT a.id, a.published_at FROM lanes CROSS JOIN LATERAL (
        SELECT * FROM actions first
        WHERE first.user_id = lanes.user_id AND first.status IN ({OPEN}) ORDER BY first.seq LIMIT 1
    ) a
    WHERE a.status IN ({QUEUED_OR_RETRYING}) AND {IS_TIME} AND {NO_MESSAGE_WAITS}
    LIMIT %(limit)s::int
), parked AS (
    SELECT a.id, a.published_at FROM actions a
    WHERE a.status = 'parked' AND {IS_TIME} AND {NO_MESSAGE_WAITS}
      AND ({IS_KNOWN} OR a.published_at IS NULL OR a.published_at > clock_timestamp()
          OR a.published_at < clock_timestamp() - make_interval(secs => {UNKNOWN_OFFERED_EVERY_S}))
      AND a.seq = (
          SELECT first.seq FROM actions first
          WHERE first.user_id = a.user_id AND first.status IN ({OPEN}) ORDER BY first.seq LIMIT 1)
    ORDER BY a.published_at NULLS FIRST
    LIMIT greatest(%(limit)s::int / 5, 1)
), locked AS (
    SELECT a.id FROM actions a JOIN (SELECT * FROM heads UNION ALL SELECT * FROM parked) found
        ON found.id = a.id AND found.published_at IS NOT DISTINCT FROM a.published_at
    FOR UPDATE OF a SKIP LOCKED
)
UPDATE actions a SET published_at = clock_timestamp() FROM locked
WHERE a.id = locked.id AND {FOUND_STATUS} IN ({WAITING})
RETURNING a.id, a.action_type, a.test_scenario_id IS NOT NULL
"""


# The ORM writes each row with a value for every column, which takes it three times as long.
STORE = """
INSERT INTO actions (id, user_id, coach_message_id, test_scenario_id, position, action_type, params_version, parameters,
    status, attempt, max_attempts, result_summary, error_message, traceback, published_at)
SELECT id, user_id, coach_message_id, test_scenario_id, position, action_type, params_version, parameters,
    'queued', 0, max_attempts, '', '', '', CASE WHEN number = 1 AND %(is_due)s THEN statement_timestamp() END
FROM unnest(%(id)s::uuid[], %(user_id)s::uuid[], %(coach_message_id)s::uuid[], %(test_scenario_id)s::uuid[],
        %(position)s::smallint[], %(action_type)s::text[], %(params_version)s::smallint[], %(parameters)s::jsonb[],
        %(max_attempts)s::integer[])
    WITH ORDINALITY AS new (id, user_id, coach_message_id, test_scenario_id, position, action_type, params_version,
        parameters, max_attempts, number)
ORDER BY number
RETURNING seq, queued_at, due_at, published_at
"""
STORED_AS_GIVEN = (
    "id",
    "user_id",
    "coach_message_id",
    "test_scenario_id",
    "position",
    "action_type",
    "params_version",
    "max_attempts",
)


class ActionQuerySet(models.QuerySet["Action"]):
    """The verbs, and the reads that the queue lives by."""

    def newest_first(self) -> Self:
        return self.order_by("-seq")

    def of_type(self, action_type: ActionType) -> Self:
        """Those of this type, by whatever name it had when they were stored."""
        return self.filter(action_type__in=action_type.wire_ids)

    def open(self) -> Self:
        """Those that have not ended: they hold their lane."""
        return self.filter(status__in=sorted(OPEN_STATUSES))

    def ended(self) -> Self:
        return self.filter(status__in=sorted(ENDED_STATUSES))

    def head_is_due(self, *, within_s: float) -> bool:
        """Whether the first open action of these, of one lane, runs, is queued, or is tried again within these seconds.

        A parked one is never due: nobody knows for how long. Whether a worker is there to begin it is not looked at.
        """
        soon = Now() + timedelta(seconds=within_s)
        is_due = Q(status__in=[ActionStatus.QUEUED, ActionStatus.RUNNING]) | Q(
            status=ActionStatus.RETRYING, due_at__lte=soon
        )
        return bool(
            self.open().order_by("seq").annotate(is_due=is_due).values_list("is_due", flat=True).first()
        )

    def store(self, actions: Sequence["Action"], *, is_due: bool) -> None:
        """Store new actions as queued, in this order; where their lane is free (`is_due`), the first counts as sent."""
        if not actions:
            return
        columns: dict[str, Any] = {
            column: [getattr(action, column) for action in actions] for column in STORED_AS_GIVEN
        }
        columns["parameters"] = [Jsonb(action.parameters) for action in actions]
        with connection.cursor() as cursor:
            cursor.execute(STORE, {**columns, "is_due": is_due})
            for action, row in zip(actions, cursor.fetchall(), strict=True):
                action.seq, action.queued_at, action.due_at, action.published_at = row
                action._state.adding = False

    def store_rejected(self, actions: Iterable[tuple["Action", Rejected]]) -> list["Action"]:
        """Store new actions as ended, each with why: their lane never has them, and its order needs no lock."""
        stored = self.bulk_create([_rejected(*one) for one in actions])
        return list(self.filter(id__in=[action.id for action in stored]).order_by("position"))

    def claim(self, action_id: UUID, *, lease_s: float) -> Claimed | None:
        """Begin an attempt: counted, leased to this database session, and committed before anything is tried.

        None when the action is gone, has ended, is running, is not due, is not the first of its lane, or is locked.
        """
        try:
            row = _one_row(CLAIM, {"id": action_id, "lease_s": lease_s})
        except IntegrityError:  # another action of the lane was claimed in the same moment
            return None
        if row is None:
            return None
        return Claimed(
            id=row[0],
            user_id=row[1],
            coach_message_id=row[2],
            action_type=current_name(row[3]),
            params_version=row[4],
            parameters=json.loads(row[5]),
            attempt=row[6],
            max_attempts=row[7],
            holder_since=row[8],
            phase=row[9],
        )

    def finish(self, claimed: Claimed | Lost, transition: Transition, *, traceback: str = "") -> Moved | None:
        """End the attempt as decided. None when the attempt is no longer the running one: nothing is changed."""
        return _move(
            claimed,
            [ActionStatus.RUNNING],
            transition,
            traceback=traceback,
            attempts_given_back=int(transition.status is ActionStatus.PARKED),
        )

    def cancel(self, action: "Action", *, operator: str) -> Moved | None:
        """Take a waiting action out of its lane.

        None when it was running or had ended when it was read, or has moved since.
        """
        transition = Transition(status=ActionStatus.CANCELLED, result_summary=f"Cancelled by {operator}.")
        return _audited("cancel", operator, action, WAITING_STATUSES, transition)

    def retry(self, action: "Action", *, operator: str, attempts: int) -> Moved | None:
        """Queue an ended action again, in its old place, with `attempts` more attempts.

        None when it had not ended when it was read, or has moved since.
        """
        transition = Transition(status=ActionStatus.QUEUED, result_summary=f"Queued again by {operator}.")
        return _audited("retry", operator, action, ENDED_STATUSES, transition, attempts_granted=attempts)

    def withdraw(self, action: "Action", reason: str) -> Moved | None:
        """Cancel an open action, a running one too: its attempt can no longer commit."""
        transition = Transition(status=ActionStatus.CANCELLED, result_summary=reason)
        return _move(action, sorted(OPEN_STATUSES), transition)

    def lost(self, *, lease_s: float) -> list[Lost]:
        """Running actions that nobody is running any more; `lease_s` is what a claim is given."""
        with connection.cursor() as cursor:
            cursor.execute(LOST, {"longest_lease_s": 2 * lease_s})
            return [
                Lost(
                    id=row[0],
                    action_type=current_name(row[1]),
                    attempt=row[2],
                    max_attempts=row[3],
                    started_at=row[4],
                    holder_since=row[5],
                    lease_expired=row[6],
                    database_restarted=row[7],
                )
                for row in cursor.fetchall()
            ]

    def take_unpublished(
        self, *, oldest_queued: Mapping[QueueName, UUID | None], grace_s: float, limit: int
    ) -> list[ActionRef]:
        """Mark as published, and answer, due actions at the head of their lane for which no message is waiting.

        `oldest_queued` is the action that the oldest message of each queue names; no queue, or None, where it is empty.
        A fifth of `limit` is for parked ones, on top.
        """
        oldest = {queue.value: oldest_queued.get(queue) for queue in QueueName}
        with connection.cursor() as cursor:
            cursor.execute(UNPUBLISHED, {**oldest, "grace_s": grace_s, "limit": limit})
            return [_ref(*row) for row in cursor.fetchall()]

    def status_counts(self) -> dict[str, int]:
        """How many actions stand at each status, in the order of the enum."""
        counted = dict(self.order_by().values_list("status").annotate(models.Count("id")))
        return {status.value: counted[status] for status in ActionStatus if status in counted}


def _ref(action_id: UUID, action_type: str, is_replayed: bool) -> ActionRef:
    return ActionRef(action_id, current_name(action_type), QueueName.of(is_replayed=is_replayed))


def _rejected(action: "Action", why: Rejected) -> "Action":
    transition = rejected(why.reason, why.kind)
    action.status = transition.status
    action.result_summary = transition.result_summary
    action.error_kind = transition.error_kind
    action.error_message = transition.error_message
    action.finished_at = Now()  # by the database's clock
    return action


def _audited(
    verb: str,
    operator: str,
    action: "Action",
    from_statuses: frozenset[ActionStatus],
    transition: Transition,
    attempts_granted: int = 0,
) -> Moved | None:
    if action.status not in from_statuses:
        return None
    with transaction.atomic():
        moved = _move(action, [action.status], transition, attempts_granted=attempts_granted)
        if moved:
            action.operator_entries.create(verb=verb, operator=operator, from_status=action.status)
        return moved


def _move(
    held: "Claimed | Lost | Action",
    from_statuses: Sequence[ActionStatus],
    transition: Transition,
    *,
    traceback: str = "",
    attempts_given_back: int = 0,
    attempts_granted: int = 0,
) -> Moved | None:
    row = _one_row(
        MOVE,
        {
            "id": held.id,
            "attempt": held.attempt,
            "holder_since": held.holder_since,
            "from_statuses": [status.value for status in from_statuses],
            "status": transition.status.value,
            "result_summary": transition.result_summary,
            "error_kind": transition.error_kind and transition.error_kind.value,
            "error_message": transition.error_message,
            "traceback": traceback,
            "delay_s": transition.delay_s,
            "state_changed": int(transition.status is ActionStatus.SUCCEEDED),
            "attempts_given_back": attempts_given_back,
            "excused": int(transition.excused),
            "attempts_granted": attempts_granted,
            "was_running": list(from_statuses) == [ActionStatus.RUNNING],
        },
    )
    if row is None:
        return None
    due = _ref(*row[2:]) if row[2] else None
    return Moved(user_id=row[0], status=ActionStatus(row[1]), due=due)


def _one_row(sql: str, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def database_restarted_under(claimed: Claimed) -> bool:
    """Whether the database was started anew since the attempt was claimed."""
    row = _one_row(
        "SELECT %(since)s::timestamptz < pg_postmaster_start_time()", {"since": claimed.holder_since}
    )
    return row is not None and bool(row[0])


def database_now() -> datetime:
    """The database's clock, by which leases and due times are told."""
    row = _one_row("SELECT clock_timestamp()", {})
    assert row is not None
    now: datetime = row[0]
    return now
