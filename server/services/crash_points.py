"""The named places on an action's path at which a test may let something go wrong.

Nothing here is switched on by the product: `server.testing.faults` does that, in a test's own processes. While it is
off, a place costs one look at a variable.
"""

from collections.abc import Callable
from enum import StrEnum


class CrashPoint(StrEnum):
    """Where something may go wrong, in the order in which an action passes by.

    A message is acknowledged by being taken off the queue, so `before_claim` is also the moment after the
    acknowledgement, and nothing else follows it.
    """

    BEFORE_ACCEPT_COMMIT = "before_accept_commit"  # a response is stored, and not committed
    AFTER_ACCEPT_COMMIT = "after_accept_commit"  # committed; its first action is not sent
    AFTER_ACCEPT_PUBLISH = "after_accept_publish"  # sent; the caller has no answer yet
    BEFORE_CLAIM = "before_claim"  # the message is off the queue; the row knows nothing of it
    AFTER_CLAIM = "after_claim"  # the attempt is counted; nothing is tried
    IN_HANDLER = "in_handler"  # in the effect's transaction, the state locked
    AFTER_EFFECT = "after_effect"  # the handler has made its change
    BEFORE_COMMIT = "before_commit"  # status and event are written; nothing is committed
    AFTER_COMMIT = "after_commit"  # committed; the lane's next action is not sent
    AFTER_PUBLISH = "after_publish"  # sent; the task has not ended
    RELAY_AFTER_GIVING_UP = "relay_after_giving_up"  # a lost attempt was given up; nothing is sent
    RELAY_BEFORE_PUBLISH = "relay_before_publish"  # actions are marked as sent, and are not
    RELAY_AFTER_PUBLISH = "relay_after_publish"  # they are


POINTS_OF_AN_ACTION = frozenset(
    {
        CrashPoint.AFTER_CLAIM,
        CrashPoint.IN_HANDLER,
        CrashPoint.AFTER_EFFECT,
        CrashPoint.BEFORE_COMMIT,
        CrashPoint.AFTER_COMMIT,
    }
)
"""Those that are told which type of action passes by."""

Strike = Callable[[CrashPoint, str], None]
_strike: Strike | None = None


def reach(point: CrashPoint, action_type: str = "") -> None:
    """Pass by `point`, with an action of this type where it is about one."""
    if _strike is not None:
        _strike(point, action_type)


def arm(strike: Strike | None) -> Strike | None:
    """Have every point of this process call `strike`; None switches them off. Answers what was called before."""
    global _strike
    before, _strike = _strike, strike
    return before
