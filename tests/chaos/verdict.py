"""Holding what became of a user against what the model says, row by row and event by event."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.events.models import Event, EventStream
from server.apps.users.models import User
from server.enums.action_status import ENDED_STATUSES, ActionStatus
from server.enums.event_kind import EventKind
from server.services.event_stream.read import StateTold, read_after
from server.testing.expect import assert_told, described
from tests.chaos.model import ARCHIVED, State
from tests.chaos.people import Expected, Person
from tests.chaos.rows import found, found_identity

LOST = "lost"
DOUBLED = "doubled"
OUT_OF_ORDER = "out of order"
WRONG_STATUS = "another status than the model's"
WRONG_STATE = "another state than the model's"
WRONGLY_TOLD = "events that do not tell it so"


@dataclass(frozen=True, slots=True)
class Off:
    """Something that is not as it must be; `what` says what was expected and what was there."""

    kind: str
    user_id: UUID
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: user {self.user_id}: {self.what}"


@dataclass(frozen=True, slots=True, order=True)
class Wait:
    """One start of an action: from when it might begin, and when it did (seconds since the epoch)."""

    ready: float
    started: float


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What a user's rows came to. `receipt` is what must still be so at the end of the run."""

    off: list[Off]
    statuses: Counter[str]
    attempts: int
    waits: list[Wait]
    receipt: int


@dataclass(slots=True)
class _Rows:
    """One user's log and events, read once."""

    user_id: UUID
    actions: list[Action] = field(init=False)
    events: list[Event] = field(init=False)
    stream: EventStream = field(init=False)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.actions = list(Action.objects.filter(user_id=self.user_id).order_by("seq"))
        self.events = list(Event.objects.filter(user_id=self.user_id).order_by("cursor"))
        self.stream = EventStream.objects.get(user_id=self.user_id)
        self.state = found(self.user_id)

    def receipt(self) -> int:
        rows = [
            (action.id, str(action.status), action.attempt, action.finished_at) for action in self.actions
        ]
        return hash((repr(rows), repr(self.state), self.stream.last_cursor))


def receipt(user_id: UUID) -> int:
    return _Rows(user_id).receipt()


def judge(person: Person) -> Verdict:
    """The verdict on a user whose program is over and whose lane has ended."""
    rows = _Rows(person.user_id)
    off = [Off(kind, person.user_id, what) for kind, what in _faults(person, rows)]
    return Verdict(
        off=off,
        statuses=Counter(str(action.status) for action in rows.actions),
        attempts=sum(action.attempt for action in rows.actions),
        waits=list(_waits(rows)),
        receipt=rows.receipt(),
    )


def _faults(person: Person, rows: _Rows) -> Iterator[tuple[str, str]]:
    yield from _log_faults(person, rows)
    if person.state != rows.state:
        yield WRONG_STATE, f"expected {person.state}, there was {rows.state}\n{_shown(rows)}"
    yield from _event_faults(person, rows)


def _log_faults(person: Person, rows: _Rows) -> Iterator[tuple[str, str]]:
    expected = [one for chat in person.chats for one in chat]
    wanted, there = [one.id for one in expected], [action.id for action in rows.actions]
    by_id = {action.id: action for action in rows.actions}
    for one in expected:
        if one.id not in by_id or by_id[one.id].status not in ENDED_STATUSES:
            yield LOST, f"{one} was accepted; there is {by_id.get(one.id)}\n{_shown(rows)}"
    for one_id in set(there) - set(wanted):
        yield DOUBLED, f"{by_id[one_id]} is a row more than the responses had\n{_shown(rows)}"
    if [one for one in there if one in set(wanted)] != [one for one in wanted if one in by_id]:
        yield OUT_OF_ORDER, f"expected the rows {wanted}, there were {there}"
    for before, after in pairwise(action for action in rows.actions if action.attempt):
        if before.finished_at and after.started_at and after.started_at < before.finished_at:
            yield OUT_OF_ORDER, f"{after} started before {before} had ended\n{_shown(rows)}"
    for chat in person.chats:
        yield from _status_faults(chat, by_id, was_reset=chat is not person.chats[-1])


def _status_faults(
    chat: list[Expected], by_id: dict[UUID, Action], *, was_reset: bool
) -> Iterator[tuple[str, str]]:
    cancelled = False
    for one in chat:
        action = by_id.get(one.id)
        if action is None:
            continue
        cancelled = cancelled or (was_reset and action.status == ActionStatus.CANCELLED)
        wanted = "cancelled" if cancelled else one.status
        if action.status != wanted or action.action_type != one.action_type:
            there = f"{action.action_type} {action.status} {action.attempt}/{action.max_attempts}"
            yield (
                WRONG_STATUS,
                f"expected {one.action_type} {wanted}, there was {there} ({action.result_summary})",
            )


def _event_faults(person: Person, rows: _Rows) -> Iterator[tuple[str, str]]:
    """What the stream holds: since the last reset, which forgets what was told before."""
    cursors = [event.cursor for event in rows.events]
    if cursors != list(range(rows.stream.trimmed_cursor + 1, rows.stream.last_cursor + 1)):
        yield WRONGLY_TOLD, f"the cursors up to {rows.stream.last_cursor} are {cursors}"
    chat = {one.id for one in person.chats[-1]}
    actions = [action for action in rows.actions if action.id in chat]
    ends = [event for event in rows.events if event.data and event.data["status"] in ENDED_STATUSES]
    told = [(event.action_id, event.data["status"]) for event in ends if event.data]
    happened = [(action.id, str(action.status)) for action in actions]
    if told != happened:
        kind = DOUBLED if len(told) > len(happened) else WRONGLY_TOLD
        yield kind, f"expected to be told {happened}, there was {told}\n{_shown(rows)}"
    yield from _state_event_faults(rows, was_reset=len(person.chats) > 1)
    messages = [event.message_id for event in rows.events if event.kind == EventKind.MESSAGE]
    if messages != person.messages:
        yield WRONGLY_TOLD, f"expected the messages {person.messages}, there were {messages}"
    yield from _replay_faults(rows)
    if len(person.chats) == 1:
        yield from _kit_faults(rows)


def _kit_faults(rows: _Rows) -> Iterator[tuple[str, str]]:
    """What the fault kit says of a stream of which nothing was trimmed."""
    try:
        assert_told(User(id=rows.user_id))
    except AssertionError as error:
        yield WRONGLY_TOLD, str(error)


def _state_event_faults(rows: _Rows, *, was_reset: bool) -> Iterator[tuple[str, str]]:
    """The state is told to have changed after each action that succeeded, at once, and after a reset."""
    told = [event.data["status"] if event.data else str(event.kind) for event in rows.events]
    told = told[1:] if was_reset else told
    successes = [after for before, after in pairwise([*told, ""]) if before == "succeeded"]
    if set(successes) - {"coach_state"} or told.count("coach_state") != len(successes):
        yield WRONGLY_TOLD, f"expected the state to be told after each success, there was {told}"


def _replay_faults(rows: _Rows) -> Iterator[tuple[str, str]]:
    """A client that reads the stream from its beginning ends with what the rows say."""
    cursor, is_last = rows.stream.trimmed_cursor, False
    cursors: list[int] = []
    states: list[StateTold] = []
    while not is_last:
        batch = read_after(rows.user_id, cursor, limit=20)
        cursors += [event.cursor for event in batch.events]
        states += [event.told for event in batch.events if isinstance(event.told, StateTold)]
        cursor, is_last = batch.cursor, batch.is_last
    if cursors != [event.cursor for event in rows.events]:
        yield WRONGLY_TOLD, f"a client that reads all is served {cursors}"
    if states:
        yield from _told_state_faults(states[-1], rows)


def _told_state_faults(told: StateTold, rows: _Rows) -> Iterator[tuple[str, str]]:
    live = [identity for identity in rows.state.identities if identity.state != ARCHIVED]
    there = [found_identity(identity) for identity in told.identities]
    phase = str(told.coach_state.current_phase)
    if there != live or phase != rows.state.current_phase:
        yield WRONGLY_TOLD, f"expected to be told {phase}, {live}, there was {there}"


def _waits(rows: _Rows) -> Iterator[Wait]:
    """Every start that the events tell of: of first attempts and of retries."""
    free_at: datetime | None = None
    attempts = [event.data for event in rows.events if event.action_id and event.data]
    due_at: datetime | None = None
    for attempt in attempts:
        queued_at, started_at = _time(attempt["queued_at"]), _time(attempt["started_at"])
        ready = due_at or max(filter(None, (queued_at, free_at)), default=None)
        if ready and started_at and attempt["status"] != "cancelled":
            yield Wait(ready.timestamp(), started_at.timestamp())
        free_at = _time(attempt["finished_at"]) or free_at
        due_at = _time(attempt["due_at"]) if attempt["status"] == "retrying" else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _shown(rows: _Rows) -> str:
    return described(User(id=rows.user_id))
