"""Where an action stands."""

from server.enums.labelled import Labelled


class ActionStatus(Labelled):
    """The life of an action (drawn in the docs, "Life of an action").

    Open statuses hold the user's lane; ended ones let it go on.
    """

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    PARKED = "parked"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    DEAD = "dead"
    CANCELLED = "cancelled"


OPEN_STATUSES = frozenset(
    {ActionStatus.QUEUED, ActionStatus.RUNNING, ActionStatus.RETRYING, ActionStatus.PARKED}
)
WAITING_STATUSES = OPEN_STATUSES - {ActionStatus.RUNNING}
ENDED_STATUSES = frozenset(ActionStatus) - OPEN_STATUSES
