"""Who wrote a message."""

from server.enums.labelled import Labelled


class MessageRole(Labelled):
    """The author of a chat message."""

    USER = "user"
    COACH = "coach"
