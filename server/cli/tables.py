"""Tables whose rows end in a sentence: one line a row for programs, folded to the width of a terminal for people."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from server.enums.action_status import ActionStatus

GAP = "  "
NARROWEST_SENTENCE = 44
STATUS_STYLES = {
    ActionStatus.SUCCEEDED: "green",
    ActionStatus.SKIPPED: "cyan",
    ActionStatus.REJECTED: "yellow",
    ActionStatus.DEAD: "red",
    ActionStatus.CANCELLED: "magenta",
}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells in a row's columns, then the sentence that ends it. A cell that is a status is coloured as such."""

    cells: tuple[str, ...]
    sentence: str


def print_table(header: Row, rows: Sequence[Row]) -> None:
    """Print rows under a header.

    A terminal too narrow for columns and sentence side by side gets the sentence on lines of its own. Where the output
    is no terminal each row is one line, whole.
    """
    console = Console(highlight=False, soft_wrap=True)
    columns = range(len(header.cells))
    widths = [max(cell_len(row.cells[column]) for row in [header, *rows]) for column in columns]
    folded = _room_beside(console, sum(widths) + len(GAP) * len(widths)) < NARROWEST_SENTENCE
    _print_row(console, Row(header.cells, "" if folded else header.sentence), widths, "bold")
    for row in rows:
        _print_row(console, row, widths)


def one_line(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    line = " ".join(filter(None, map(str.strip, text.splitlines())))
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line.expandtabs(1)
    )


def many_lines(text: str) -> str:
    """The text with its lines and indents, without anything that a terminal would obey."""
    return "\n".join(
        "".join(
            letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line.expandtabs()
        )
        for line in text.splitlines()
    )


def status_text(status: str) -> Text:
    """A status in its colour."""
    style = STATUS_STYLES.get(ActionStatus(status), "blue") if status in set(ActionStatus) else ""
    return Text(status, style=style)


def _print_row(console: Console, row: Row, widths: Sequence[int], style: str = "") -> None:
    head = Text(GAP).join(_padded(cell, width, style) for cell, width in zip(row.cells, widths, strict=True))
    sentence = Text(one_line(row.sentence), style=style)
    for line in _laid_out(console, head, sentence, first_column=widths[0]):
        line.rstrip()
        console.print(line)


def _padded(cell: str, width: int, style: str) -> Text:
    text = Text(cell, style=style) if style else status_text(cell)
    text.append(" " * (width - cell_len(cell)))
    return text


def _laid_out(console: Console, head: Text, sentence: Text, *, first_column: int) -> list[Text]:
    if not sentence:
        return [head]
    if not console.is_terminal:
        return [Text.assemble(head, GAP, sentence)]
    room = _room_beside(console, head.cell_len + len(GAP))
    if room >= NARROWEST_SENTENCE:
        first, *others = sentence.wrap(console, room)
        indent = " " * (head.cell_len + len(GAP))
        return [Text.assemble(head, GAP, first), *(Text.assemble(indent, line) for line in others)]
    indent = " " * (first_column + len(GAP))
    below = sentence.wrap(console, console.width - len(indent))
    return [head, *(Text.assemble(indent, line) for line in below)]


def _room_beside(console: Console, taken: int) -> int:
    """How wide a sentence may be beside what takes `taken` cells."""
    return console.width - taken if console.is_terminal else sys.maxsize
