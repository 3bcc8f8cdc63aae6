"""What a conversation looks like: as it is written on a terminal, whole lines elsewhere."""

import sys
from contextlib import suppress

from rich.console import Console
from rich.text import Text

from server.apps.actions.models import Action
from server.cli.tables import one_line, status_text

USER, COACH = "you: ", "coach: "
STATUS_WIDTH = 9


class Screen:
    """Where the conversation is shown. Nothing that a message holds is obeyed by the terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        return self._console.is_terminal

    def notice(self, sentence: str) -> None:
        """A sentence of the command itself."""
        self._console.print(Text(f"({one_line(sentence)})", style="dim"))

    def warn(self, sentence: str) -> None:
        self._console.print(Text(one_line(sentence), style="yellow"))

    def line(self, text: str) -> None:
        self._console.print(Text(harmless(text)))

    def said(self, who: str, text: str) -> None:
        """A whole message."""
        self._console.print(Text.assemble((who, "bold"), harmless(text)))

    def outcome(self, action: Action) -> None:
        """What has become of an action."""
        status = status_text(str(action.status))
        status.pad_right(STATUS_WIDTH - len(status.plain))
        what = action.result_summary or action.error_message or action.label
        self._console.print(Text.assemble("  ", status, "  ", one_line(what)))

    def piece(self, text: str) -> None:
        """A piece of a line. Never raises: whoever read it may be gone."""
        with suppress(OSError, ValueError):
            sys.stdout.write(harmless(text))
            sys.stdout.flush()

    def begin(self, who: str) -> None:
        self._console.print(Text(who, style="bold"), end="")
        sys.stdout.flush()


class Writing:
    """The coach's message while it is being written: a `Says`. Where nobody watches it is shown once it is whole."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._text = ""
        if screen.is_terminal:
            screen.begin(COACH)

    def piece(self, text: str) -> None:
        self._text += text
        if self._screen.is_terminal:
            self._screen.piece(text)

    def again(self) -> None:
        if self._screen.is_terminal:
            self._screen.piece(f"\n(It begins anew.)\n{COACH}")
        self._text = ""

    def done(self, message: str) -> None:
        """The message is whole: show what of it was not yet."""
        if not self._screen.is_terminal:
            self._screen.said(COACH, message)
        elif message.startswith(self._text):
            self._screen.piece(message[len(self._text) :] + "\n")
        else:
            self.again()
            self._screen.piece(f"{message}\n")

    def broken_off(self) -> None:
        """There will be no more of it."""
        if self._screen.is_terminal:
            self._screen.piece("\n")


def harmless(text: str) -> str:
    """The text with its lines, without anything that a terminal would obey."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}"
        for letter in text.replace("\r\n", "\n").expandtabs(4)
    )
