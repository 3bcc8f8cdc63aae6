"""What the documentation says, as the tests read it."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from tests.contracts.sources import ROOT

DOCS = ROOT / "docs/docs"
ACTIONS = DOCS / "core-systems/action-handler/actions"


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def rows_of(page: str, head: str) -> set[str]:
    """What the first column of a table names as code; `head` is the table's first column."""
    (table,) = re.findall(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text_of(page), re.MULTILINE)
    return {name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def blocks_of(page: Path, info: str) -> Iterator[str]:
    """The code blocks of a page that begin with these words after the fence; one in a list is indented."""
    found = re.findall(
        rf"^( *)```{re.escape(info)}\n(.*?)^\1```$",
        page.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    yield from (dedent(block) for _, block in found)
