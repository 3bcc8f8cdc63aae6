"""Telling what a coach says while it is still being written."""

from typing import Protocol


class Says(Protocol):
    """Whom a coach tells its message, piece by piece. Neither method blocks or raises.

    The pieces told since the last `again`, one after the other, are the beginning of the message; once the coach has
    replied they are the message.
    """

    def piece(self, text: str) -> None:
        """The next piece of the message."""

    def again(self) -> None:
        """Forget the pieces told so far: the message is written anew."""


class _Unheard:
    def piece(self, text: str) -> None:
        """Nobody listens."""

    def again(self) -> None:
        """Nobody listens."""


UNHEARD: Says = _Unheard()
"""For a turn that nobody follows while it is under way."""


class Both:
    """Two who are told the same."""

    def __init__(self, *everyone: Says) -> None:
        self._everyone = everyone

    def piece(self, text: str) -> None:
        for says in self._everyone:
            says.piece(text)

    def again(self) -> None:
        for says in self._everyone:
            says.again()
