"""(b) The recipe: what one writes who follows Celery's and Django's manuals.

A plain `shared_task` per action; the ORM inside `transaction.atomic()`; the action logged with `Action.objects.create`
once it was performed; `acks_late`, `autoretry_for`, `delay_on_commit`; everything else as it comes, Celery's Django
fixup too. The changes themselves are made by this project's own handlers, so that both do the same work.

It promises less: nothing orders a user's actions, a message may be lost or come twice, nothing tells the client.
"""

import os
from typing import Any

import django
from celery import Celery, shared_task
from django.db import transaction
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.recipe_settings")
django.setup()

from bench.mix import Params, Turn  # noqa: E402 - models can be imported only once Django is set up
from server.apps.actions.models import Action  # noqa: E402
from server.apps.chat_messages.models import ChatMessage  # noqa: E402
from server.apps.coach_states.models import CoachState  # noqa: E402
from server.enums.action_status import ActionStatus  # noqa: E402
from server.enums.action_type import ActionType  # noqa: E402
from server.enums.message_role import MessageRole  # noqa: E402
from server.services.action_handler.handler import ACTION_HANDLERS  # noqa: E402
from server.services.action_handler.models.actions import ACTION_PARAMS  # noqa: E402
from server.services.action_handler.outcomes import Applied, Outcome, Refusal, Rejected, Skipped  # noqa: E402

app = Celery("recipe", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_ignore_result=True, worker_send_task_events=True, broker_connection_retry_on_startup=True
)


def _task_of(action_type: ActionType) -> Any:
    @shared_task(name=f"recipe.{action_type}", acks_late=True, autoretry_for=(Exception,))
    def apply(user_id: str, coach_message_id: str, position: int, params: Params) -> None:
        with transaction.atomic():
            coach_state = CoachState.objects.select_related("user").get(user_id=user_id)
            coach_message = ChatMessage.objects.get(id=coach_message_id)
            outcome = _perform(action_type, coach_state, params, coach_message)
            _log(action_type, coach_state, params, coach_message, position, outcome)

    return apply


TASKS: dict[ActionType, Any] = {action_type: _task_of(action_type) for action_type in ActionType}


def accept(turn: Turn) -> None:
    """Store the coach's message, and send one task per action once that is committed."""
    with transaction.atomic():
        message = ChatMessage.objects.create(
            user=turn.person.user,
            role=MessageRole.COACH,
            content=turn.response.message,
            response=turn.response.model_dump(mode="json", exclude_unset=True),
        )
        for position, action in enumerate(turn.response.actions()):
            task: Any = app.tasks[TASKS[action.action_type].name]
            params = action.params.model_dump(mode="json")
            task.delay_on_commit(str(turn.person.user.id), str(message.id), position, params)


def _perform(
    action_type: ActionType, coach_state: CoachState, params: Params, coach_message: ChatMessage
) -> Outcome:
    try:
        cleaned = ACTION_PARAMS[action_type].model_validate(params).cleaned()
        return ACTION_HANDLERS[action_type](coach_state, cleaned, coach_message)
    except Refusal as refusal:
        return refusal.rejected


def _log(
    action_type: ActionType,
    coach_state: CoachState,
    params: Params,
    coach_message: ChatMessage,
    position: int,
    outcome: Outcome,
) -> None:
    status, summary = _read(outcome)
    Action.objects.create(
        user=coach_state.user,
        action_type=action_type.value,
        parameters=params,
        result_summary=summary,
        coach_message=coach_message,
        test_scenario=coach_state.user.test_scenario,
        # What this project's table wants beside the log's own columns:
        position=position,
        status=status,
        finished_at=timezone.now(),
    )


def _read(outcome: Outcome) -> tuple[ActionStatus, str]:
    match outcome:
        case Applied(summary):
            return ActionStatus.SUCCEEDED, summary
        case Skipped(reason):
            return ActionStatus.SKIPPED, reason
        case Rejected(reason):
            return ActionStatus.REJECTED, reason
