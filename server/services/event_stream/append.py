"""Adding to a user's stream. Events of actions are appended by the verbs that write their status."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from server.apps.events.models import Event, EventStream
from server.enums.event_kind import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One thing to tell: a message, or that the coach state changed."""

    kind: EventKind
    message_id: UUID | None = None


def lock_stream(user_id: UUID) -> EventStream:
    """Hold the user's stream until the transaction ends: rows numbered under it are numbered in commit order."""
    return EventStream.objects.select_for_update().get(user_id=user_id)


def append(stream: EventStream, events: Sequence[NewEvent]) -> None:
    """Append events to a locked stream."""
    first = stream.last_cursor + 1
    Event.objects.bulk_create(
        Event(user_id=stream.user_id, cursor=first + index, kind=event.kind, message_id=event.message_id)
        for index, event in enumerate(events)
    )
    stream.last_cursor += len(events)
    stream.save(update_fields=["last_cursor"])


def trim(stream: EventStream) -> None:
    """Forget every event of a locked stream, and pass over one cursor.

    Every client, one that had seen all there was too, has an older cursor then, and is told to reload.
    """
    Event.objects.filter(user_id=stream.user_id).delete()
    passed = F("last_cursor") + 1
    EventStream.objects.filter(pk=stream.pk).update(last_cursor=passed, trimmed_cursor=passed)
    stream.refresh_from_db()
