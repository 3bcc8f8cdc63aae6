"""What a coach is told: plain values, no rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentity:
    """One of the user's identities."""

    id: str
    name: str
    category: IdentityCategory
    state: IdentityState
    notes: tuple[str, ...] = ()
    i_am_statement: str = ""
    visualization: str = ""

    @property
    def is_live(self) -> bool:
        return self.state is not IdentityState.ARCHIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNote:
    """One thing that is remembered about the user."""

    id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAction:
    """An action of an earlier response, and what has become of it so far. `reason` says why one did not succeed."""

    action_type: str
    parameters: Mapping[str, Any]
    status: ActionStatus
    result_summary: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the conversation; a coach's has its actions, and the phase that the coach was asked in."""

    role: MessageRole
    content: str
    phase: CoachingPhase | None = None
    actions: tuple[PastAction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachTurn:
    """All that a coach knows when it answers.

    `identities` and `user_notes` are oldest first, archived identities included. `messages` are the recent ones, oldest
    first; the last one is the user's, and the one to answer. `user_ref` tells users apart, and nothing about them.
    """

    phase: CoachingPhase
    user_ref: str = ""
    first_name: str = ""
    identity_focus: IdentityCategory = IdentityCategory.PASSIONS_AND_TALENTS
    current_identity_id: str | None = None
    skipped_identity_categories: tuple[IdentityCategory, ...] = ()
    who_you_are: tuple[str, ...] = ()
    who_you_want_to_be: tuple[str, ...] = ()
    asked_questions: tuple[GetToKnowYouQuestion, ...] = ()
    identities: tuple[KnownIdentity, ...] = ()
    user_notes: tuple[KnownNote, ...] = ()
    messages: tuple[Said, ...] = ()
