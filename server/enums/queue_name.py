"""The queues that messages for actions wait in."""

from enum import StrEnum


class QueueName(StrEnum):
    """`REPLAY` has the actions of users that test scenarios made, so that nobody real ever waits behind them."""

    ACTIONS = "actions"
    REPLAY = "replay"

    @classmethod
    def of(cls, *, is_replayed: bool) -> "QueueName":
        """Where the message for an action goes."""
        return cls.REPLAY if is_replayed else cls.ACTIONS
