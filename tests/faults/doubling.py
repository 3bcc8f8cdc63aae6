"""A fault of the broker: it delivers what it was given more than once.

Imported before Django is set up: the standard library only at the top.
"""

from functools import cache
from typing import Any


def send_everything_three_times() -> None:
    """From now on, each message that this process sends is sent three times, the same one each time."""
    from workers import publisher

    once = publisher.CeleryPublisher.publish

    def publish(self: publisher.CeleryPublisher, actions: Any) -> None:
        once(self, [action for action in actions for _ in range(3)])

    publisher.message_for = cache(publisher.message_for)
    publisher.CeleryPublisher.publish = publish  # type: ignore[method-assign]
