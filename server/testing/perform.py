"""Run an action in a test as it runs in production: params through JSON, the real accept path, the real executor."""

import json
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.models.coach_chat_response import ChatResponse, CoachChatResponse
from server.services.action_handler.handler import apply_action
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams
from server.services.action_queue.accept import Accepted, Provenance, accept_response
from server.services.prompt_manager.phases import is_allowed

TYPE_OF_PARAMS = {params: action_type for action_type, params in ACTION_PARAMS.items()}


def perform_action(user: User, params: ActionParams, *, phase: CoachingPhase | None = None) -> Action:
    """Accept a response with this one action, run it in this process, and answer its row.

    `phase` is the one the coach was asked in; by default the first that allows the action.
    """
    (action,) = accept(user, {TYPE_OF_PARAMS[type(params)].value: params}, phase=phase).actions
    run_lane(user)
    action.refresh_from_db()
    return action


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


def run_lane(user: User, *, limit: int = 1_000) -> None:
    """Run the user's lane in this process until no action is due. Raises `AssertionError` past `limit` attempts."""
    for _ in range(limit):
        head = head_of_lane(user)
        if head is None or apply_action(head) is None:
            return
    raise AssertionError(f"the lane of {user} is not drained after {limit} attempts")


def head_of_lane(user: User) -> UUID | None:
    """The first open action of the user's lane, if it is due."""
    head = Action.objects.filter(user=user).open().order_by("seq").first()
    return head.id if head is not None and head.due_at <= database_now() else None
