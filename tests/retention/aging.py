"""Making rows look old, and what is kept for how long by default."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import F

from server.apps.actions.models import Action
from server.apps.events.models import Event, EventStream
from server.apps.users.models import User
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.event_stream.read import Batch, read_after
from server.services.retention.policy import Retention
from server.testing.perform import accept, drain

DEFAULTS = Retention(
    events_days=30,
    events_per_user=10_000,
    idempotency_keys_days=7,
    tracebacks_days=30,
    actions_days=0,
    replays_days=90,
)


def apply_notes(user: User, count: int) -> list[int]:
    """Let this many responses with one note each come and be applied; the cursors of the user's events."""
    for _ in range(count):
        accept(user, {"add_user_note": AddUserNoteParams(note=f"said {uuid4()}")})
    drain(user)
    return cursors(user)


def cursors(user: User) -> list[int]:
    """Those of the events that are kept."""
    return list(Event.objects.filter(user=user).order_by("cursor").values_list("cursor", flat=True))


def age_events(user: User, up_to: int, days: float) -> None:
    Event.objects.filter(user=user, cursor__lte=up_to).update(
        created_at=F("created_at") - timedelta(days=days)
    )


def age_actions(user: User, days: float) -> None:
    """All that has to do with their time, of those that have ended."""
    ago = timedelta(days=days)
    Action.objects.filter(user=user).ended().update(
        queued_at=F("queued_at") - ago, finished_at=F("finished_at") - ago
    )


def stream_of(user: User) -> EventStream:
    return EventStream.objects.get(user=user)


def read(user: User, after: int) -> Batch:
    return read_after(user.id, after, limit=1_000)


def pretend_tables_are_big() -> None:
    """For the rest of the transaction: the tests' tables are too small for an index to pay."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def plan_of(sql: str, parameters: dict[str, Any]) -> str:
    """How PostgreSQL would find the rows of a big table; within a transaction."""
    pretend_tables_are_big()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())
