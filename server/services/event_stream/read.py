"""Reading a user's stream, in batches of bounded size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.events.models import Event, EventStream
from server.apps.identities.models import Identity
from server.enums.event_kind import EventKind

BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTold:
    """What an action came to: its row, and its changing fields as they were then (`data`)."""

    action: Action
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTold:
    """A message, with its actions as they are now."""

    message: ChatMessage
    actions: list[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTold:
    """The coach state and the live identities, as they are now."""

    coach_state: CoachState
    identities: list[Identity]


Told = ActionTold | MessageTold | StateTold


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedEvent:
    """One event of a user's stream."""

    cursor: int
    kind: EventKind
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Events in order. `cursor` is where to go on; `is_last` says that there was nothing more.

    Where `is_cut`, what lies between cannot be served any more: there are no events, `cursor` is the last one.
    """

    events: list[NumberedEvent]
    cursor: int
    is_last: bool
    is_cut: bool = False


def last_cursor(user_id: UUID) -> int:
    """The last cursor given out in the user's stream."""
    return EventStream.objects.values_list("last_cursor", flat=True).get(user_id=user_id)


def read_after(user_id: UUID, cursor: int, *, limit: int = BATCH) -> Batch:
    """The user's next events after `cursor`, at most `limit`.

    The stream's row is read last: events that it still vouches for were not trimmed while they were read.
    """
    rows = list(Event.objects.filter(user_id=user_id, cursor__gt=cursor).order_by("cursor")[:limit])
    told = _Rows(user_id, rows)
    events = [event for row in rows if (event := told.event(row)) is not None]
    stream = EventStream.objects.get(user_id=user_id)
    if not stream.trimmed_cursor <= cursor <= stream.last_cursor:
        return Batch(events=[], cursor=stream.last_cursor, is_last=True, is_cut=True)
    return Batch(events=events, cursor=rows[-1].cursor if rows else cursor, is_last=len(rows) < limit)


def last_cursors(user_ids: list[UUID]) -> dict[UUID, int]:
    """The last cursor of each of these users that is there and active: one query, however many they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.user_id, s.last_cursor FROM event_streams s JOIN users u ON u.id = s.user_id "
            "WHERE s.user_id = ANY(%s) AND u.is_active",
            [user_ids],
        )
        return dict(cursor.fetchall())


class _Rows:
    """The rows that a batch's events speak of, each table asked once."""

    def __init__(self, user_id: UUID, events: list[Event]) -> None:
        self._actions = Action.objects.in_bulk({e.action_id for e in events if e.action_id})
        messages = {e.message_id for e in events if e.message_id}
        self._messages = ChatMessage.objects.in_bulk(messages)
        self._actions_of: dict[UUID | None, list[Action]] = {}
        for action in Action.objects.filter(coach_message_id__in=messages).order_by("position"):
            self._actions_of.setdefault(action.coach_message_id, []).append(action)
        told_state = any(event.kind == EventKind.COACH_STATE for event in events)
        self._state = state_of(user_id) if told_state else None

    def event(self, event: Event) -> NumberedEvent | None:
        """The event as it is told; None where its row is gone."""
        told = self._told(event)
        return None if told is None else NumberedEvent(cursor=event.cursor, kind=event.kind, told=told)

    def _told(self, event: Event) -> Told | None:
        if action := self._actions.get(event.action_id):
            return ActionTold(action=action, data=event.data or {})
        if message := self._messages.get(event.message_id):
            return MessageTold(message=message, actions=self._actions_of.get(message.id, []))
        return self._state if event.kind == EventKind.COACH_STATE else None


def state_of(user_id: UUID) -> StateTold:
    """The user's coach state and live identities, oldest first."""
    return StateTold(
        coach_state=CoachState.objects.get(user_id=user_id),
        identities=list(Identity.objects.filter(user_id=user_id).live().in_order()),
    )
