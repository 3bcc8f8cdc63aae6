"""Where the user's lines come from: a person, a pipe, or the command line."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from server.cli.chat.screen import USER, Screen

with suppress(ImportError):  # where Python has it, a person may edit the line and go back to earlier ones
    import readline  # noqa: F401


class Lines(Protocol):
    """`by_hand` says whether a person writes them, who sees what becomes of each."""

    by_hand: bool

    def next(self, prompt: str = USER) -> str | None:
        """The next line; None where there are no more."""


class Typed:
    """What a person writes on a terminal."""

    by_hand = True

    def next(self, prompt: str = USER) -> str | None:
        try:
            return input(prompt)
        except EOFError:
            print()
            return None


class Piped:
    """One message a line; each is shown, so that what is printed can be read by itself."""

    by_hand = False

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")

    def next(self, prompt: str = USER) -> str | None:
        line = sys.stdin.readline()
        if not line:
            return None
        text = line.rstrip("\r\n")
        if text.strip():
            self._screen.said(prompt, text)
        return text


class Given:
    """The messages of the command line, and no more."""

    by_hand = False

    def __init__(self, screen: Screen, messages: Sequence[str]) -> None:
        self._screen = screen
        self._left = list(messages)

    def next(self, prompt: str = USER) -> str | None:
        if not self._left:
            return None
        self._screen.said(prompt, self._left[0])
        return self._left.pop(0)


def lines_of(screen: Screen, messages: Sequence[str]) -> Lines:
    if messages:
        return Given(screen, messages)
    return Typed() if sys.stdin.isatty() else Piped(screen)
