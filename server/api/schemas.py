"""What goes over the wire. Times are ISO 8601 with a zone; ids are UUIDs."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from server.apps.actions.models import Action as ActionRow
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState as CoachStateRow
from server.apps.identities.models import Identity as IdentityRow
from server.apps.user_notes.models import UserNote as UserNoteRow
from server.apps.users.models import User as UserRow
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.text import MESSAGE_LIMIT, StorableText
from server.services.event_stream.heard import News

Item = TypeVar("Item", bound=BaseModel)


def one_of(enum: type[StrEnum]) -> WithJsonSchema:
    """Documents an enum's values. A row that a newer version wrote may hold another one, and is still shown."""
    return WithJsonSchema({"type": "string", "enum": [member.value for member in enum]})


class Wire(BaseModel):
    """The base of what is sent."""

    model_config = ConfigDict(frozen=True)


class Taken(BaseModel):
    """The base of what is received: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ActionError(Wire):
    """Why an action did not succeed."""

    kind: Annotated[str, one_of(ErrorKind)]
    message: str


class Action(Wire):
    """One action of a coach's response, and what became of it.

    `due_at` is when it may be tried, the next time too; null in an event of a version that did not keep it.
    """

    id: UUID
    coach_message_id: UUID | None
    position: int
    action_type: Annotated[str, one_of(ActionType)]
    label: str
    parameters: dict[str, Any]
    status: Annotated[str, one_of(ActionStatus)]
    attempt: int
    max_attempts: int
    result_summary: str
    error: ActionError | None
    queued_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: ActionRow) -> Self:
        """The action as it is now."""
        return cls.at(row, {name: getattr(row, name) for name in CHANGING})

    @classmethod
    def at(cls, row: ActionRow, then: Mapping[str, Any]) -> Self:
        """The action as it was when its changing fields were `then`."""
        kind = then["error_kind"]
        return cls(
            id=row.id,
            coach_message_id=row.coach_message_id,
            position=row.position,
            action_type=row.action_type,
            label=row.label,
            parameters=row.parameters,
            status=then["status"],
            attempt=then["attempt"],
            max_attempts=then["max_attempts"],
            result_summary=then["result_summary"],
            error=ActionError(kind=kind, message=then["error_message"]) if kind else None,
            queued_at=then["queued_at"],
            due_at=then.get("due_at"),
            started_at=then["started_at"],
            finished_at=then["finished_at"],
        )


CHANGING = (
    "status",
    "attempt",
    "max_attempts",
    "result_summary",
    "error_kind",
    "error_message",
    "queued_at",
    "due_at",
    "started_at",
    "finished_at",
)
"""The fields of an action's row that change in its life, as an event keeps them."""


class Message(Wire):
    """One message of the chat; a coach's has its actions, in order.

    `idempotency_key` is that of the request by which the user wrote the message, or which the coach answers with it;
    null where it had none. So a client finds what it has sent, though the answer to its request was lost.
    """

    id: UUID
    role: Annotated[str, one_of(MessageRole)]
    content: str
    idempotency_key: str | None
    created_at: datetime
    actions: list[Action]

    @classmethod
    def of(cls, row: ChatMessage, actions: list[ActionRow]) -> Self:
        return cls(
            id=row.id,
            role=row.role,
            content=row.content,
            idempotency_key=row.idempotency_key,
            created_at=row.created_at,
            actions=[Action.of(action) for action in actions],
        )


class Identity(Wire):
    """An identity that the user works out."""

    id: UUID
    name: str
    category: Annotated[str, one_of(IdentityCategory)]
    state: Annotated[str, one_of(IdentityState)]
    i_am_statement: str
    visualization: str
    notes: list[str]
    created_at: datetime

    @classmethod
    def of(cls, row: IdentityRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CoachState(Wire):
    """Where the user stands in the coaching. `current_identity` is an identity's id."""

    current_phase: Annotated[str, one_of(CoachingPhase)]
    identity_focus: Annotated[str, one_of(IdentityCategory)]
    current_identity: UUID | None
    skipped_identity_categories: list[Annotated[str, one_of(IdentityCategory)]]
    who_you_are: list[str]
    who_you_want_to_be: list[str]
    asked_questions: list[Annotated[str, one_of(GetToKnowYouQuestion)]]
    updated_at: datetime

    @classmethod
    def of(cls, row: CoachStateRow) -> Self:
        return cls(
            current_phase=row.current_phase,
            identity_focus=row.identity_focus,
            current_identity=row.current_identity_id,
            skipped_identity_categories=row.skipped_identity_categories,
            who_you_are=row.who_you_are,
            who_you_want_to_be=row.who_you_want_to_be,
            asked_questions=row.asked_questions,
            updated_at=row.updated_at,
        )


class UserNote(Wire):
    """One fact that the coach remembers about the user."""

    id: UUID
    note: str
    created_at: datetime

    @classmethod
    def of(cls, row: UserNoteRow) -> Self:
        return cls(id=row.id, note=row.note, created_at=row.created_at)


class HelloEvent(Wire):
    """`hello`, the first event of a stream: the cursor after which it goes on."""

    cursor: int


class ActionEvent(Wire):
    """`action`: what an action came to, as it was then."""

    action: Action


class RunningEvent(Wire):
    """`running`, which has no cursor: an attempt of the action is under way."""

    action: Action


class CoachStateEvent(Wire):
    """`coach_state`: the state and the live identities, oldest first, as they are now."""

    coach_state: CoachState
    identities: list[Identity]


class MessageEvent(Wire):
    """`message`: a message, with its actions as they are now."""

    message: Message


class MessageDeltaEvent(Wire):
    """`message_delta`, which has no cursor: a piece of the message that the coach is writing to answer the user's.

    It begins after `start` characters; what was told from there on is to be forgotten. With `is_over` nothing is being
    written any more: the whole message comes as `message`, unless the coach could not answer.
    """

    user_message_id: UUID
    start: int
    text: str
    is_over: bool

    @classmethod
    def of(cls, news: News) -> Self:
        return cls(
            user_message_id=news.user_message_id,
            start=news.start,
            text=news.text,
            is_over=news.is_over,
        )


class ResetEvent(Wire):
    """`reset`: load everything again."""


class Page(Wire, Generic[Item]):
    """A part of a list. `next_cursor` fetches the next part; null at the end."""

    items: list[Item]
    next_cursor: str | None


class User(Wire):
    """Someone who is signed in."""

    id: UUID
    email: str
    is_staff: bool

    @classmethod
    def of(cls, row: UserRow) -> Self:
        return cls(id=row.id, email=row.email, is_staff=row.is_staff)


class Coach(Wire):
    """Who coaches: a model, the offline coach, which knows a few sentences, or a session that was recorded."""

    provider: Literal["openai", "offline", "scripted"]


class SessionState(Wire):
    """Who is signed in, if anyone, and who coaches; to staff, where Flower is, if that is known."""

    user: User | None
    coach: Coach
    flower_url: str | None


class Credentials(Taken):
    """An email and a password."""

    email: StorableText = Field(min_length=1, max_length=254)
    password: StorableText = Field(min_length=1, max_length=1024)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank: write something")
    return text


class PostedMessage(Taken):
    """What the user writes to the coach."""

    content: Annotated[StorableText, AfterValidator(_not_blank)] = Field(
        min_length=1, max_length=MESSAGE_LIMIT
    )


class MessagePair(Wire):
    """What the user wrote, and what the coach answered, with the actions to come."""

    user_message: Message
    coach_message: Message


class PostedResponse(Taken):
    """A structured response from a program that did its own coaching."""

    response: CoachChatResponse  # type: ignore[valid-type]  # a class made from the enum of actions


class StoredResponse(Wire):
    """The coach's message as it was stored, with the actions to come."""

    coach_message: Message


class AdminAction(Action):
    """An action as staff see it."""

    user_id: UUID
    email: str

    @classmethod
    def of(cls, row: ActionRow) -> Self:
        shown = Action.of(row).model_dump()
        return cls(**shown, user_id=row.user_id, email=row.user.email)


class Stats(Wire):
    """How the queue stands. The oldest waiting action's age is in seconds, null where none waits."""

    actions: dict[str, int]
    oldest_waiting_s: float | None
    lanes_open: int
