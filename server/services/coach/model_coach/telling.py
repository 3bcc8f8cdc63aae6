"""Telling the message of an answer that grows, and may be written anew."""

from server.services.coach.says import Says


class Telling:
    """What was told of the message so far.

    Where an answer is asked for again, what was told stays until the new message turns out to be another one: nothing
    vanishes from a page only to be written there again.
    """

    def __init__(self, says: Says) -> None:
        self._says = says
        self._told = ""

    def grew(self, message: str) -> None:
        """The message begins like this."""
        if self._told.startswith(message):
            return
        if not message.startswith(self._told):
            self._says.again()
            self._told = ""
        self._says.piece(message[len(self._told) :])
        self._told = message

    def settle(self, message: str) -> None:
        """The message is finished, and reads like this, whatever was told."""
        if message != self._told and self._told.startswith(message):
            self._says.again()
            self._told = ""
        self.grew(message)
