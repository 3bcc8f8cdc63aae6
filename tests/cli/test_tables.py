"""Tables on terminals of several widths, and in pipes."""

import io
from functools import partial

import pytest
from rich.console import Console

from server.cli import tables
from server.cli.tables import Row, print_table

HEADER = Row(("#", "action", "status"), "outcome")
ROWS = [
    Row(
        ("1", "create_identity", "succeeded"),
        'Created the identity "夜の庭師" in Passions and Talents, with a long note.',
    ),
    Row(("2", "accept_identity", "queued"), ""),
]


def printed(monkeypatch: pytest.MonkeyPatch, *, width: int | None) -> list[str]:
    file = io.StringIO()

    console = partial(Console, file=file, width=width, force_terminal=width is not None, color_system=None)
    monkeypatch.setattr(tables, "Console", console)
    print_table(HEADER, ROWS)
    return file.getvalue().splitlines()


def test_a_pipe_gets_one_whole_line_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, width=None) == [
        "#  action           status     outcome",
        f"1  create_identity  succeeded  {ROWS[0].sentence}",
        "2  accept_identity  queued",
    ]


def test_a_wide_terminal_gets_the_sentence_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, width=80) == [
        "#  action           status     outcome",
        '1  create_identity  succeeded  Created the identity "夜の庭師" in Passions and',
        "                               Talents, with a long note.",
        "2  accept_identity  queued",
    ]


def test_a_narrow_terminal_gets_the_sentence_below(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, width=60) == [
        "#  action           status",
        "1  create_identity  succeeded",
        '   Created the identity "夜の庭師" in Passions and Talents,',
        "   with a long note.",
        "2  accept_identity  queued",
    ]


def test_nothing_in_a_sentence_commands_the_terminal_or_breaks_the_row() -> None:
    assert (
        tables.one_line("a\x1b[31m\nb\tc\x9b")
        == "a\N{REPLACEMENT CHARACTER}[31m b c\N{REPLACEMENT CHARACTER}"
    )
