"""The publisher port, by Celery."""

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from kombu import Connection
from redis import Redis

from server.apps.actions.queries import ActionRef
from server.enums.queue_name import QueueName
from server.services.hints import Hints
from workers.celery_app import APPLY, app


class CeleryPublisher:
    """Sends one Celery task per action: the stable task name, the action's id, and a shadow name per action type.

    Each worker sends as many messages as it takes, and a task sent by `apply_async` costs it a quarter of an action. So
    Celery writes one message, when the process starts, and the publisher fills in what differs; it also gives up
    sooner than Celery's connections can be made to.
    """

    def __init__(self) -> None:
        self._hints = Hints(settings.REDIS_URL)

    def publish(self, actions: Sequence[ActionRef]) -> None:
        """Never raises: what cannot be sent now, the relay sends later."""
        messages: dict[QueueName, list[str]] = defaultdict(list)
        for action in actions:
            messages[action.queue].append(message_for(action))
        for queue, waiting in messages.items():
            self._hints.send(partial(_push, queue, waiting), otherwise="the relay will send")


def _push(queue: QueueName, messages: Sequence[str], redis: Redis) -> None:
    redis.lpush(queue.value, *messages)


def message_for(action: ActionRef) -> str:
    """The message as Celery would have sent it."""
    template = _template()
    headers, properties = template["headers"], template["properties"]
    task_id = str(uuid4())
    return json.dumps(
        template
        | {
            "body": _body(action.id),
            "headers": headers | _differing_headers(action, task_id),
            "properties": properties
            | {
                "correlation_id": task_id,
                "delivery_tag": str(uuid4()),
                "delivery_info": {"exchange": "", "routing_key": action.queue.value},
            },
        }
    )


def _differing_headers(action: ActionRef, task_id: str) -> dict[str, str]:
    return {
        "id": task_id,
        "root_id": task_id,
        "shadow": f"actions.{action.action_type}",
        "argsrepr": f"('{action.id}',)",
    }


def _body(action_id: UUID) -> str:
    embedded = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    return b64encode(json.dumps([[str(action_id)], {}, embedded]).encode()).decode()


@lru_cache
def _template() -> dict[str, Any]:
    """A message that Celery and kombu wrote, into a queue of this process's memory."""
    with Connection("memory://") as memory:
        channel: Any = memory.channel()
        producer = app.amqp.Producer(channel)
        app.send_task(
            APPLY, args=(str(UUID(int=0)),), shadow=APPLY, queue=QueueName.ACTIONS.value, producer=producer
        )
        message: dict[str, Any] = channel._get(QueueName.ACTIONS.value)  # noqa: SLF001  (the raw message, as Redis would hold it)
        return message
