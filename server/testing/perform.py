"""Run an action in a test as it runs in production: params through JSON, the real accept path, the real executor."""

import json
from uuid import UUID, uuid4

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.models.coach_chat_response import ChatResponse, CoachChatResponse
from server.services.action_handler.handler import apply_action
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams
from server.services.action_queue.accept import Accepted, Provenance, accept_response
from server.services.prompt_manager.phases import is_allowed
from server.testing.expect import described
from server.testing.watching import watched

TYPE_OF_PARAMS = {params: action_type for action_type, params in ACTION_PARAMS.items()}


def perform_action(
    params: ActionParams, *, user: User | None = None, phase: CoachingPhase | None = None
) -> Action:
    """Accept a response with this one action, run it in this process, and answer its row.

    `user` is by default a new one, `phase` (the one that the coach was asked in) the first that allows the action.
    Raises `Trespass` where a handler did what is not for it to do.
    """
    user = user or new_user()
    (action,) = accept(user, {TYPE_OF_PARAMS[type(params)].value: params}, phase=phase).actions
    with watched():
        drain(user)
    action.refresh_from_db()
    return action


def new_user() -> User:
    """A user of the test's own, with a state and a stream."""
    return User.objects.create_user(email=f"{uuid4().hex}@example.org")


def accept(user: User, actions: dict[str, ActionParams], *, phase: CoachingPhase | None = None) -> Accepted:
    """Accept a response with these actions, keyed by action type, as it would come over the wire."""
    phase = phase or next(
        phase for phase in CoachingPhase if is_allowed(ActionType(next(iter(actions))), phase)
    )
    return accept_response(user, wire(actions), Provenance(phase=phase))


def wire(actions: dict[str, ActionParams], message: str = "…") -> ChatResponse:
    """A structured response of these actions, through JSON."""
    fields = {name: {"params": params.model_dump(mode="json")} for name, params in actions.items()}
    return CoachChatResponse.model_validate_json(json.dumps({"message": message, **fields}))


def drain(user: User, *, skip_waits: bool = False, limit: int = 1_000) -> None:
    """Run the user's lane in this process until no action is due.

    With `skip_waits` a retry is due at once, so that the lane ends unless an action is parked or runs elsewhere. Raises
    `AssertionError` past `limit` attempts.
    """
    for _ in range(limit):
        if skip_waits:
            Action.objects.filter(user=user, status=ActionStatus.RETRYING).update(due_at=database_now())
        head = head_of_lane(user)
        if head is None or apply_action(head) is None:
            return
    raise AssertionError(f"the lane of {user} is not drained after {limit} attempts:\n{described(user)}")


def head_of_lane(user: User) -> UUID | None:
    """The first open action of the user's lane, if it is due."""
    head = Action.objects.filter(user=user).open().order_by("seq").first()
    return head.id if head is not None and head.due_at <= database_now() else None
