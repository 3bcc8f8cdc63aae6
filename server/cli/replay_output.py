"""What `coach replay` shows: a bar while it plays, and what came of it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from server.cli.tables import Row, one_line, print_table
from server.services.scenario_replay.batch import Came
from server.services.scenario_replay.comparison import MISSING
from server.services.scenario_replay.judging import Verdict

HEADER = Row(("", "scenario", "copies", "actions", "median"), "what differs")
MOST_LINES = 20


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int], None]]:
    """On a terminal, a bar; it is given how many copies have ended."""
    console = Console(stderr=True)
    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rate="")
        began = time.monotonic()

        def advance(ended: int) -> None:
            rate = ended / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=ended, rate=f"{rate:,.1f}/s")

        yield advance


def show(came: Came, planned: int, console: Console) -> None:
    """A table, what differs line by line, and what it came to in all, of so many planned copies."""
    verdicts, seconds = came.verdicts, came.seconds
    print_table(HEADER, [_row(verdict) for verdict in verdicts])
    for verdict in verdicts:
        if lines := list(_lines(verdict)):
            console.print()
            console.print(Text(one_line(verdict.scenario.name), style="bold"))
            for line in lines[:MOST_LINES]:
                console.print(f"  {one_line(line)}", markup=False)
            if len(lines) > MOST_LINES:
                console.print(f"  … and {len(lines) - MOST_LINES} more")
    actions = sum(verdict.actions * verdict.copies for verdict in verdicts)
    good = len(verdicts) - came.differing
    console.print(
        f"\n{good} of {len(verdicts)} scenarios are as expected; {actions:,} actions in {seconds:.1f} s,"
        f" {actions / max(seconds, 0.001):,.0f} a second."
    )
    played = sum(verdict.copies for verdict in verdicts)
    if played < planned:
        console.print(f"Stopped at the first that differs: {played:,} of {planned:,} copies were played.")


def _row(verdict: Verdict) -> Row:
    mark = "ok" if verdict.is_as_expected else "DIFFERS"
    took = f"{median(verdict.seconds):.2f} s"
    cells = (mark, one_line(verdict.scenario.name), str(verdict.copies), str(verdict.actions), took)
    return Row(cells, next(_lines(verdict), ""))


def _lines(verdict: Verdict) -> Iterator[str]:
    """What differs, a line each: what, what was expected, what came, and which action did it."""
    yield from verdict.unresolved
    for found in verdict.found:
        difference = found.difference
        by = f", by {found.by}" if found.by else ""
        by += ", which changed nothing" if found.has_done_nothing else ""
        yield f"{difference.place}: expected {value_text(difference.expected)}, got {value_text(difference.got)}{by}"
    for copy in verdict.unsettled:
        yield f"copy {copy} did not come to its end"
    for disagreement in verdict.disagreements:
        for difference in disagreement.differences:
            yield (
                f"copy {disagreement.copy} disagrees with playing in one process: {difference.place}:"
                f" {value_text(difference.expected)} there, {value_text(difference.got)} here"
            )


def value_text(value: Any) -> str:
    """A value as JSON; what nobody could see in it, or a terminal would obey, is escaped."""
    if value == MISSING:
        return MISSING
    return "".join(
        letter if letter.isprintable() else json.dumps(letter)[1:-1]
        for letter in json.dumps(value, ensure_ascii=False)
    )
