"""Trimming users' streams.

A stream is held while its events go, as it is while events are added, so no client is told that nothing is missing
while something goes. Who holds a stream here waits for nobody: an event that somebody else is deleting, with its user,
is passed over. So there is no deadlock, whatever else the others hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from server.apps.events.models import EventStream
from server.services.retention.walk import number, users_in_parts

EVENTS_AT_ONCE = 1_000

# One look into the index of the events per stream: the oldest tells whether any is too old. Cursors have no gaps, so
# two of them tell how many there are.
STREAMS = """
SELECT s.user_id, coalesce(oldest.created_at < %(before)s::timestamptz, false)
    OR coalesce(s.last_cursor - s.trimmed_cursor > %(most)s::bigint, false)
FROM (
    SELECT * FROM event_streams WHERE user_id > %(after)s::uuid ORDER BY user_id LIMIT %(limit)s::int
) s
LEFT JOIN LATERAL (
    SELECT e.created_at FROM events e WHERE e.user_id = s.user_id ORDER BY e.cursor LIMIT 1
) oldest ON true
ORDER BY s.user_id
"""

# Cursors rise in commit order, so all before an old event are as old, whatever a clock that was set back has put there.
TRIM = """
WITH oldest AS (
    SELECT cursor, created_at FROM events WHERE user_id = %(user_id)s::uuid ORDER BY cursor LIMIT %(limit)s::int
), cut AS (
    SELECT max(cursor) AS cursor FROM oldest
    WHERE created_at < %(before)s::timestamptz OR cursor <= %(last)s::bigint - %(most)s::bigint
), free AS (
    SELECT e.cursor FROM events e JOIN cut ON e.cursor <= cut.cursor
    WHERE e.user_id = %(user_id)s::uuid FOR UPDATE OF e SKIP LOCKED
), gone AS (
    DELETE FROM events e USING free
    WHERE e.user_id = %(user_id)s::uuid AND e.cursor = free.cursor
    RETURNING e.cursor
), trimmed AS (
    UPDATE event_streams s SET trimmed_cursor = cut.cursor FROM cut
    WHERE s.user_id = %(user_id)s::uuid AND cut.cursor > s.trimmed_cursor
)
SELECT count(*) FROM gone
"""

COUNT = """
SELECT count(*) FROM events WHERE user_id = %(user_id)s::uuid AND cursor <= greatest(
    (SELECT max(cursor) FROM events WHERE user_id = %(user_id)s::uuid AND created_at < %(before)s::timestamptz),
    (SELECT last_cursor FROM event_streams WHERE user_id = %(user_id)s::uuid) - %(most)s::bigint)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Events from `before` that time are too old, more than `most` of a user are too many; None is no bound."""

    before: datetime | None
    most: int | None

    def parameters(self) -> dict[str, Any]:
        return {"before": self.before, "most": self.most}


def trim_events(bounds: Bounds) -> Iterator[int]:
    """Trim every stream, in batches; how many events went in each."""
    for user_ids in _long_streams(bounds):
        yield 0  # the look at so many streams is a batch too
        for user_id in user_ids:
            while gone := _trim(user_id, bounds):
                yield gone
                if gone < EVENTS_AT_ONCE:
                    break


def count_events(bounds: Bounds) -> int:
    """How many events `trim_events` would remove."""
    return sum(_count(user_id, bounds) for user_ids in _long_streams(bounds) for user_id in user_ids)


def _long_streams(bounds: Bounds) -> Iterator[list[UUID]]:
    """The users whose stream has something to trim."""
    return users_in_parts(STREAMS, bounds.parameters())


def _trim(user_id: UUID, bounds: Bounds) -> int:
    with transaction.atomic():
        stream = EventStream.objects.select_for_update().filter(user_id=user_id).first()
        if stream is None:  # the user was deleted meanwhile
            return 0
        parameters = {"user_id": user_id, "last": stream.last_cursor, "limit": EVENTS_AT_ONCE}
        return number(TRIM, bounds.parameters() | parameters)


def _count(user_id: UUID, bounds: Bounds) -> int:
    return number(COUNT, bounds.parameters() | {"user_id": user_id})
