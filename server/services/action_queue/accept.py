"""Accepting a response: its message, its actions and their first event are stored together, then the first is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import ActionRef
from server.apps.chat_messages.models import ChatMessage
from server.apps.events.models import EventStream
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.event_kind import EventKind
from server.enums.message_role import MessageRole
from server.enums.queue_name import QueueName
from server.models.coach_chat_response import ChatResponse
from server.models.left_out import LeftOut
from server.models.usage import Usage
from server.services.action_handler.models.actions import policy_of
from server.services.action_handler.utils.dynamic_schema import ProposedAction
from server.services.action_queue.publisher import publisher
from server.services.crash_points import CrashPoint, reach
from server.services.event_stream.append import NewEvent, append, lock_stream
from server.services.event_stream.wake_up import wake_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a response came from.

    `phase` is the one that the coach was asked in, None for a response that a program posts; `idempotency_key` the one
    of the turn that it answers; `usage` is known where a model was asked.
    """

    phase: CoachingPhase | None = None
    prompt_version: str = ""
    model: str = ""
    idempotency_key: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A recorded turn: what the user said, None where they said nothing, and the coach's response, if there was one.

    `phase` is as in `Provenance`.
    """

    content: str | None
    response: ChatResponse | None
    phase: CoachingPhase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was stored: the coach's message and its actions in canonical order."""

    message: ChatMessage
    actions: list[Action]


def accept_user_message(user: User, content: str, idempotency_key: str | None = None) -> ChatMessage:
    """Store what the user wrote, and tell their clients; all or nothing with a transaction of the caller's."""
    with transaction.atomic(savepoint=False):
        stream = lock_stream(user.id)
        message = ChatMessage.objects.create(
            user=user, role=MessageRole.USER, content=content, idempotency_key=idempotency_key
        )
        _tell(stream, [message])
        return message


def accept_response(
    user: User,
    response: ChatResponse,
    provenance: Provenance = Provenance(),
    left_out: Sequence[LeftOut] = (),
) -> Accepted:
    """Store a response with its actions and their first event, all or nothing; once committed, send the first.

    Those that were left out of it are stored with it, as rejected: they are told and listed, and never sent.

    Inside a transaction of the caller's it is all or nothing with that: an error here is one that ends it.

    Two responses of one user are ordered by who gets the stream's lock first, and never interleave. Where the lane is
    busy nothing is sent: whoever ends the action before does that. (Should that one end in this very moment and not
    see the new rows, the relay sends the first at its next sweep.)
    """
    with transaction.atomic(savepoint=False):
        stream = lock_stream(user.id)
        message = _coach_message(user, response, provenance)
        message.save(force_insert=True)
        is_due = _is_free(user)
        actions = _store_actions(user, [(message, response.actions())], is_due=is_due)
        refused = _store_left_out(user, message, left_out, first=len(actions)) if left_out else []
        _tell(stream, [message])
        if is_due:
            transaction.on_commit(partial(_send_first, actions))
        reach(CrashPoint.BEFORE_ACCEPT_COMMIT)
        return Accepted(message=message, actions=[*actions, *refused])


def accept_exchanges(user: User, exchanges: Sequence[Exchange]) -> None:
    """Store recorded exchanges as `accept_user_message` and `accept_response` store each, but all or nothing together.

    The stream is held once for all of them: keep them to so many that nobody has to wait for long.
    """
    with transaction.atomic(savepoint=False):
        stream = lock_stream(user.id)
        said = [(exchange, list(_messages_of(user, exchange))) for exchange in exchanges]
        messages = ChatMessage.objects.bulk_create(message for _, those in said for message in those)
        is_due = _is_free(user)
        proposed = [(those[-1], one.response.actions()) for one, those in said if one.response is not None]
        actions = _store_actions(user, proposed, is_due=is_due)
        _tell(stream, messages)
        if is_due:
            transaction.on_commit(partial(_send_first, actions))
        reach(CrashPoint.BEFORE_ACCEPT_COMMIT)


def _messages_of(user: User, exchange: Exchange) -> Iterator[ChatMessage]:
    """What the user said, if anything, and last what the coach answered."""
    if exchange.content is not None:
        yield ChatMessage(user=user, role=MessageRole.USER, content=exchange.content)
    if exchange.response is not None:
        yield _coach_message(user, exchange.response, Provenance(phase=exchange.phase))


def _coach_message(user: User, response: ChatResponse, provenance: Provenance) -> ChatMessage:
    return ChatMessage(
        user=user,
        role=MessageRole.COACH,
        content=response.message,
        response=response.model_dump(mode="json", exclude_unset=True),
        phase=provenance.phase,
        prompt_version=provenance.prompt_version,
        model=provenance.model,
        idempotency_key=provenance.idempotency_key,
        **(asdict(provenance.usage) if provenance.usage else {}),
    )


def _is_free(user: User) -> bool:
    """Whether nothing of the user's is under way, so that their next action is due at once."""
    # In the lane's order, so by its index: a look for any open row may read the table instead.
    return Action.objects.filter(user=user).open().order_by("seq").values("id").first() is None


def _store_actions(
    user: User, proposed: Sequence[tuple[ChatMessage, Sequence[ProposedAction]]], *, is_due: bool
) -> list[Action]:
    """Those of each message in turn; where they are due, the first counts as sent."""
    actions = [
        Action(
            user=user,
            coach_message=message,
            test_scenario_id=user.test_scenario_id,
            position=position,
            action_type=action.action_type,
            params_version=action.params.version,
            parameters=action.params.model_dump(mode="json"),
            max_attempts=action.params.policy.max_attempts,
        )
        for message, those in proposed
        for position, action in enumerate(those)
    ]
    Action.objects.store(actions, is_due=is_due)
    return actions


def _store_left_out(
    user: User, message: ChatMessage, left_out: Sequence[LeftOut], *, first: int
) -> list[Action]:
    """After those of the response; what a worker would have made of them is decided already."""
    return Action.objects.store_rejected(
        (
            Action(
                user=user,
                coach_message=message,
                test_scenario_id=user.test_scenario_id,
                position=position,
                action_type=one.action_type,
                parameters=one.parameters,
                max_attempts=policy_of(one.action_type).max_attempts,
            ),
            one.rejected,
        )
        for position, one in enumerate(left_out, start=first)
    )


def _tell(stream: EventStream, messages: Sequence[ChatMessage]) -> None:
    append(stream, [NewEvent(kind=EventKind.MESSAGE, message_id=message.id) for message in messages])
    transaction.on_commit(partial(wake_up, [stream.user_id]))


def _send_first(actions: list[Action]) -> None:
    reach(CrashPoint.AFTER_ACCEPT_COMMIT)
    publisher().publish([ref(action) for action in actions[:1]])
    reach(CrashPoint.AFTER_ACCEPT_PUBLISH)


def ref(action: Action) -> ActionRef:
    """What the queue needs of an action's row."""
    queue = QueueName.of(is_replayed=action.test_scenario_id is not None)
    return ActionRef(action.id, str(action.action_type), queue)


def publish_due(user_id: UUID, due: ActionRef | None) -> None:
    """What follows every written status: send the lane's next action, wake the user's clients."""
    if due is not None:
        publisher().publish([due])
    wake_up([user_id])
