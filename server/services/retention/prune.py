"""Removing what is older than it is kept for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection

from server.apps.actions.queries import database_now
from server.services.retention import rows
from server.services.retention.events import Bounds, count_events, trim_events
from server.services.retention.policy import Retention

TURN = "prune"

# A time that is yet to come was written before the clock was set back.
TAKE_TURN = """
INSERT INTO heartbeats AS last (role, beat_at) VALUES (%(turn)s, clock_timestamp())
ON CONFLICT (role) DO UPDATE SET beat_at = excluded.beat_at
WHERE last.beat_at <= clock_timestamp() - make_interval(secs => %(every_s)s::float8) OR last.beat_at > clock_timestamp()
RETURNING role
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many of one kind were removed, or would be; `kept` says for how long they are kept.

    `key` is the kind's name for programs, `what` the one for people.
    """

    key: str
    what: str
    kept: str
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    key: str
    what: str
    kept: str
    remove: Callable[[], Iterator[int]]
    count: Callable[[], int]

    def pruned(self, removed: int) -> Pruned:
        return Pruned(key=self.key, what=self.what, kept=self.kept, removed=removed)


def prune(retention: Retention, *, go_on: Callable[[], bool] = lambda: True) -> list[Pruned]:
    """Remove what is too old, in short transactions.

    Between two of them `go_on` is asked, and may take its time; all ends where it says no. Safe at any time, beside
    everything else and beside itself.
    """
    pruned, goes_on = [], True
    for kind in _kinds(retention):
        removed, goes_on = _remove(kind, go_on) if goes_on else (0, False)
        pruned.append(kind.pruned(removed))
    return pruned


def would_prune(retention: Retention) -> list[Pruned]:
    """What `prune` would remove now."""
    return [kind.pruned(kind.count()) for kind in _kinds(retention)]


def take_turn(every_s: float) -> bool:
    """Whether nobody else has pruned by itself within that time; then it is the caller's to do."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, {"turn": TURN, "every_s": every_s})
        return cursor.fetchone() is not None


def _remove(kind: _Kind, go_on: Callable[[], bool]) -> tuple[int, bool]:
    """How many were removed, and whether `go_on` never said no."""
    removed = 0
    for batch in kind.remove():
        removed += batch
        if not go_on():
            return removed, False
    return removed, True


def _kinds(retention: Retention) -> list[_Kind]:
    """Events go before the actions that they speak of, what a replay left before the replay."""
    now = database_now()
    bounds = Bounds(before=_before(now, retention.events_days), most=retention.events_per_user or None)
    aged = partial(_aged, now)
    return [
        _Kind(
            key="events",
            what="events",
            kept=_kept_events(retention),
            remove=lambda: trim_events(bounds),
            count=lambda: count_events(bounds),
        ),
        aged(
            "idempotency_keys",
            "idempotency keys",
            retention.idempotency_keys_days,
            rows.remove_keys,
            rows.count_keys,
        ),
        aged(
            "tracebacks",
            "tracebacks",
            retention.tracebacks_days,
            rows.clear_tracebacks,
            rows.count_tracebacks,
        ),
        aged(
            "ended_actions", "ended actions", retention.actions_days, rows.remove_actions, rows.count_actions
        ),
        _Kind(
            key="left_over_scenarios",
            what="what ended replays left",
            kept="until they have ended",
            remove=rows.remove_left_over,
            count=rows.count_left_over,
        ),
        aged("replays", "replays", retention.replays_days, rows.remove_replays, rows.count_replays),
        _Kind(
            key="sessions",
            what="sessions",
            kept="until they expire",
            remove=lambda: rows.remove_sessions(now),
            count=lambda: rows.count_sessions(now),
        ),
    ]


def _aged(
    now: datetime,
    key: str,
    what: str,
    days: float,
    remove: Callable[[datetime], Iterator[int]],
    count: Callable[[datetime], int],
) -> _Kind:
    before = _before(now, days)
    kind = partial(_Kind, key=key, what=what, kept=_kept(days))
    if before is None:
        return kind(remove=lambda: iter(()), count=lambda: 0)
    return kind(remove=lambda: remove(before), count=lambda: count(before))


def _before(now: datetime, days: float) -> datetime | None:
    return now - timedelta(days=days) if days else None


def _kept(days: float) -> str:
    return f"{days:g} days" if days else "for ever"


def _kept_events(retention: Retention) -> str:
    most = f"at most {retention.events_per_user:,} of a user" if retention.events_per_user else ""
    return ", ".join(filter(None, [_kept(retention.events_days), most]))
