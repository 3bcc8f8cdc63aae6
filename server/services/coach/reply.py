"""A turn of the chat: gather what the coach may know, and ask it."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.utils.crypto import salted_hmac

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, KnownIdentity, KnownNote, PastAction, Said
from server.services.coach.coach_reply import CoachReply
from server.services.coach.provider import provider
from server.services.coach.says import UNHEARD, Says

RECENT_MESSAGES = 40


async def reply(turn: CoachTurn, says: Says = UNHEARD) -> CoachReply:
    """What the coach answers; `says` is told its message as it is written.

    Nothing is stored, and no database connection is used. Raises `CoachFailed`.
    """
    return await provider().reply(turn, says)


def prepare_turn(user: User, message: ChatMessage) -> CoachTurn:
    """What the coach may know of the user now, in at most five queries, to answer this message of theirs.

    What was said after it is left out: that is answered in a turn of its own.
    """
    state = CoachState.objects.get(user_id=user.pk)
    return CoachTurn(
        phase=state.current_phase,
        user_ref=salted_hmac("coach.user_ref", str(user.pk)).hexdigest(),
        first_name=user.first_name,
        identity_focus=state.identity_focus,
        current_identity_id=str(state.current_identity_id) if state.current_identity_id else None,
        skipped_identity_categories=tuple(map(IdentityCategory, state.skipped_identity_categories)),
        who_you_are=tuple(state.who_you_are),
        who_you_want_to_be=tuple(state.who_you_want_to_be),
        asked_questions=tuple(map(GetToKnowYouQuestion, state.asked_questions)),
        identities=tuple(map(_identity, Identity.objects.filter(user_id=user.pk).in_order())),
        user_notes=tuple(map(_note, UserNote.objects.filter(user_id=user.pk).order_by("created_at", "id"))),
        messages=_conversation(user, message),
    )


def _identity(row: Identity) -> KnownIdentity:
    return KnownIdentity(
        id=str(row.id),
        name=row.name,
        category=row.category,
        state=row.state,
        notes=tuple(row.notes),
        i_am_statement=row.i_am_statement,
        visualization=row.visualization,
    )


def _note(row: UserNote) -> KnownNote:
    return KnownNote(id=str(row.id), note=row.note)


def _conversation(user: User, message: ChatMessage) -> tuple[Said, ...]:
    """The recent messages up to this one, which is the last whatever has become of its row."""
    before = ChatMessage.objects.filter(user_id=user.pk, seq__lt=message.seq).newest_first().defer("response")
    rows = [*reversed(before[: RECENT_MESSAGES - 1]), message]
    actions = _actions_of([row for row in rows if row.role is MessageRole.COACH])
    return tuple(
        Said(role=row.role, content=row.content, phase=row.phase, actions=tuple(actions[row.pk]))
        for row in rows
    )


def _actions_of(messages: list[ChatMessage]) -> Mapping[UUID, list[PastAction]]:
    """The actions of each message, in order."""
    found: defaultdict[UUID, list[PastAction]] = defaultdict(list)
    for row in Action.objects.filter(coach_message__in=messages).order_by("coach_message", "position"):
        assert row.coach_message_id is not None
        found[row.coach_message_id].append(_past(row))
    return found


def _past(row: Action) -> PastAction:
    return PastAction(
        action_type=str(row.action_type),
        parameters=row.parameters,
        status=row.status,
        result_summary=row.result_summary,
        reason=row.error_message,
    )
