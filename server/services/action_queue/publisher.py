"""The port through which the server hands due actions to the workers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from server.apps.actions.queries import ActionRef


class Publisher(Protocol):
    """Sends one message per action; the message carries the action's id and nothing else of it.

    Publishing is a hint, not a promise: the rows are the queue, and the relay sends what got lost. So an
    implementation never raises, and gives up within half a second where the broker does not answer.
    """

    def publish(self, actions: Sequence[ActionRef]) -> None: ...


@lru_cache
def publisher() -> Publisher:
    """The one that the setting ACTION_PUBLISHER names."""
    chosen: Publisher = import_string(settings.ACTION_PUBLISHER)()
    return chosen
