"""The older shape of scenario files: a user at one moment, and what had been said and done before."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.identity_name import name_key
from server.services.action_handler.models.text import MESSAGE_LIMIT, StorableText
from server.services.scenario_replay.scenario import (
    KeptNote,
    Name,
    Once,
    OptionalProse,
    Prose,
    StartState,
    refuse_repeated,
)

LeftOut = Any
"""What such files have, and a scenario has no place for."""


def _in_utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _proposed_if_blank(state: object) -> object:
    return state or IdentityState.PROPOSED


Time = Annotated[datetime, AfterValidator(_in_utc)]
State = Annotated[IdentityState, BeforeValidator(_proposed_if_blank)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OlderUser(_Part):
    first_name: Annotated[StorableText, Field(max_length=150)]
    last_name: Annotated[StorableText, Field(max_length=150)]
    email: LeftOut = None
    password: LeftOut = None
    is_active: LeftOut = None
    is_staff: LeftOut = None
    is_superuser: LeftOut = None
    verification_token: LeftOut = None
    email_verification_sent_at: LeftOut = None


class OlderState(StartState):
    """`current_identity` is an identity's id or name."""

    proposed_identity: LeftOut = None
    metadata: LeftOut = None


class OlderIdentity(_Part):
    id: str | None = None
    name: Name
    category: IdentityCategory
    state: State = IdentityState.PROPOSED
    i_am_statement: OptionalProse = ""
    visualization: OptionalProse = ""
    notes: Annotated[tuple[KeptNote, ...], Once] = ()
    image: LeftOut = None


class OlderMessage(_Part):
    id: str | None = None
    role: MessageRole
    content: Annotated[StorableText, Field(max_length=MESSAGE_LIMIT)]
    timestamp: Time | None = None
    component_config: LeftOut = None


class OlderNote(_Part):
    id: str | None = None
    note: Prose
    source_message: LeftOut = None
    created_at: LeftOut = None


class OlderAction(_Part):
    """Something that was done. Which message it came with is told by that message's id or words, or by the time."""

    action_type: str
    parameters: dict[str, Any]
    result_summary: LeftOut = None
    timestamp: Time | None = None
    original_coach_message_id: str | None = None
    coach_message_content: str | None = None


class Older(_Part):
    """A file of the older shape."""

    name: Name | None = None
    description: StorableText = ""
    user: OlderUser
    coach_state: OlderState = OlderState()
    identities: tuple[OlderIdentity, ...] = ()
    chat_messages: tuple[OlderMessage, ...] = ()
    user_notes: tuple[OlderNote, ...] = ()
    actions: tuple[OlderAction, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = [name_key(row.name) for row in self.identities]
        refuse_repeated("name, without regard to case,", names)
        current = self.coach_state.current_identity
        if current is not None and self.identity_called(current) is None:
            raise ValueError(f"coach_state.current_identity is {current!r}: no identity has this id or name")
        return self

    def identity_called(self, id_or_name: str) -> OlderIdentity | None:
        key = name_key(id_or_name)
        return next(
            (row for row in self.identities if row.id == id_or_name or name_key(row.name) == key), None
        )
