"""What is stored of a user's conversation, from its beginning or its last reset on, as it stands at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from django.db import connection, transaction
from pydantic import ValidationError

from server.apps.actions.models import Action, OperatorEntry
from server.apps.chat_messages.models import ChatMessage
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType, current_name
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.services.scenario_replay.begun import Begun
from server.services.scenario_replay.end_state import EndState, action_row, end_state_of
from server.services.scenario_replay.reading import problems_of


class NotRecordable(Exception):
    """A conversation cannot be taken as it stands. The message is one line that says why, and what to do."""

    @classmethod
    def because(cls, what: str, error: ValidationError, *, part: str = "") -> Self:
        """One about the first thing that is wrong, in this part of it."""
        place, words = problems_of(error)[0]
        named = ".".join(map(str, (part, *place) if part else place))
        return cls(f"{what}: {named}: {words}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action that a response asked for, with its row; None where that is no longer kept."""

    action_type: ActionType
    params: Mapping[str, Any]
    row: Action | None

    @property
    def sentence(self) -> str:
        return self.row.result_summary if self.row else ""

    def came_to(self, status: ActionStatus) -> bool:
        return self.row is not None and self.row.status == status


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message, and the actions of its response that had their turn."""

    message: ChatMessage
    asked: tuple[Asked, ...] = ()

    @property
    def is_coach(self) -> bool:
        of_the_coach: bool = self.message.role == MessageRole.COACH
        return of_the_coach

    def asked_to(self, action_type: ActionType) -> Asked | None:
        """Its action of this type, unless that is known to have changed nothing."""
        may_have = (one for one in self.asked if one.row is None or one.came_to(ActionStatus.SUCCEEDED))
        return next((one for one in may_have if one.action_type is action_type), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A conversation in order, what there is of the user now, and what of it no scenario can say (`remarks`).

    `present` has the actions of `spoken` alone, as far as their rows are kept, with ids as they stand in sentences.
    """

    user: User
    spoken: tuple[Spoken, ...]
    identities: tuple[Identity, ...]
    user_notes: tuple[UserNote, ...]
    present: EndState
    remarks: tuple[str, ...]

    @property
    def asked(self) -> list[Asked]:
        return [asked for spoken in self.spoken for asked in spoken.asked]

    @property
    def has_every_action(self) -> bool:
        return all(asked.row is not None for asked in self.asked)


def record(user: User) -> Recording:
    """Read it all at one moment, and lock nothing. Raises `NotRecordable`."""
    if user.test_scenario_id is not None:
        raise NotRecordable(f"{user.email} is the user of a test scenario, and no person.")
    with _one_moment():
        messages = list(ChatMessage.objects.filter(user=user).order_by("seq"))
        rows = list(Action.objects.filter(user=user).order_by("seq"))
        by_operators = OperatorEntry.objects.filter(action__user=user, action__coach_message__isnull=False)
        verbs = list(by_operators.values_list("verb", flat=True))
        identities = tuple(Identity.objects.filter(user=user).in_order())
        user_notes = tuple(UserNote.objects.filter(user=user).order_by("created_at", "id"))
        present = end_state_of(Begun(user=user, ids={}))
    _refuse_open(rows)
    if not messages:
        raise NotRecordable(f"{user.email} has no messages: there is nothing to take.")
    by_message = _by_message(rows)
    spoken = tuple(_spoken(message, by_message.get(message.id, {})) for message in messages)
    known = [asked.row for one in spoken for asked in one.asked if asked.row is not None]
    known.sort(key=lambda row: row.seq)
    return Recording(
        user=user,
        spoken=spoken,
        identities=identities,
        user_notes=user_notes,
        present=replace(present, actions=[action_row(row, row.result_summary) for row in known]),
        remarks=tuple(_remarks(spoken, by_message, verbs)),
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees what there was when it began, whoever writes meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _refuse_open(rows: Sequence[Action]) -> None:
    still_open = sum(row.finished_at is None for row in rows)
    if still_open:
        what = "1 action has" if still_open == 1 else f"{still_open:,} actions have"
        raise NotRecordable(f"{what} not ended: wait for them, or cancel them with `coach actions cancel`.")


def _by_message(rows: Sequence[Action]) -> dict[UUID, dict[str, Action]]:
    found: dict[UUID, dict[str, Action]] = {}
    for row in rows:
        if row.coach_message_id is not None:  # the others are of chats that were reset
            found.setdefault(row.coach_message_id, {})[current_name(row.action_type)] = row
    return found


def _spoken(message: ChatMessage, rows: Mapping[str, Action]) -> Spoken:
    if message.response is None:
        return Spoken(message=message)
    try:
        response = CoachChatResponse.model_validate(message.response)
    except ValidationError as error:
        what = f"This version does not take the response of the message {message.id}"
        raise NotRecordable.because(what, error) from error
    asked = (
        Asked(
            action_type=one.action_type,
            params=one.params.model_dump(mode="json"),
            row=rows.get(one.action_type.value),
        )
        for one in response.actions()
    )
    return Spoken(
        message=message, asked=tuple(one for one in asked if not one.came_to(ActionStatus.CANCELLED))
    )


def _remarks(
    spoken: Sequence[Spoken], by_message: Mapping[UUID, Mapping[str, Action]], verbs: Sequence[str]
) -> Iterator[str]:
    rows = [row for one in spoken for row in by_message.get(one.message.id, {}).values()]
    cancelled = sum(row.status == ActionStatus.CANCELLED for row in rows)
    played = sum(asked.row is not None for one in spoken for asked in one.asked)
    if cancelled:
        yield f"{_actions(cancelled)} cancelled: it is as if the coach had not asked for that."
    if left_out := len(rows) - played - cancelled:
        yield f"{_actions(left_out)} left out when the response was accepted: not in the scenario."
    if retried := sum(verb == "retry" for verb in verbs):
        yield f"{_actions(retried)} retried by an operator: in the scenario each has its turn once, in its place."
    if any(asked.row is None for one in spoken for asked in one.asked):
        yield "Rows of old actions are no longer kept: what became of the actions is left out."


def _actions(count: int) -> str:
    return "1 action was" if count == 1 else f"{count:,} actions were"
