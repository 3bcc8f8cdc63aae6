"""Following actions until they have ended."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from server.apps.actions.models import Action

LOOK_EVERY_S = 0.1
BATCH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the actions are: how many have ended, and the first that has not."""

    ended: int
    head: Action | None


def follow(ids: Sequence[UUID], timeout_s: float) -> list[Action]:
    """The actions, once all have ended or the time is over; on a terminal a bar shows how far they are."""
    with _bar() as bar:
        task = bar.add_task("", total=len(ids), head="")
        _until_ended(
            ids, timeout_s, lambda standing: bar.update(task, completed=standing.ended, head=_head(standing))
        )
    return fetch(ids)


def fetch(ids: Sequence[UUID]) -> list[Action]:
    """The actions, in the order of the lane."""
    found = (action for batch in _batches(ids) for action in Action.objects.filter(id__in=batch))
    return sorted(found, key=lambda action: action.seq)


def _until_ended(ids: Sequence[UUID], timeout_s: float, show: Callable[[Standing], None]) -> None:
    # A lane runs in order: it is enough to look at the first ones that had not ended.
    deadline = time.monotonic() + timeout_s
    waiting = list(ids)
    while waiting:
        batch = waiting[:BATCH]
        still_open = list(Action.objects.filter(id__in=batch).open().order_by("seq"))
        waiting = [action.id for action in still_open] + waiting[BATCH:]
        show(Standing(len(ids) - len(waiting), still_open[0] if still_open else None))
        if time.monotonic() >= deadline:
            return
        if still_open:
            time.sleep(LOOK_EVERY_S)


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _head(standing: Standing) -> str:
    return f"{standing.head.action_type} {standing.head.status}" if standing.head else ""


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[head]}"))
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
