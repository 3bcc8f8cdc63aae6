"""What a client is told."""

from server.enums.labelled import Labelled


class EventKind(Labelled):
    """The `event` name of a stored event."""

    MESSAGE = "message"
    ACTION = "action"
    COACH_STATE = "coach_state"
