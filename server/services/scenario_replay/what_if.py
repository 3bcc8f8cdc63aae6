"""How a user would stand if this version had applied the responses that are stored of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any
from uuid import UUID

from server.apps.users.models import User
from server.services.scenario_replay.comparison import Difference, differences_between
from server.services.scenario_replay.inline import Step
from server.services.scenario_replay.judging import made_by
from server.services.scenario_replay.recording import Spoken, record
from server.services.scenario_replay.rerun import rerun

SHORTEST = 8


class NoSuchMessage(Exception):
    """There is nothing to begin with. The message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What would be otherwise; `place` is as in a scenario's `expect`, `by` the action that would make it so."""

    place: str
    now: Any
    would_be: Any
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What applying `actions` actions again, from a message on, would come to.

    `before` has what would have become otherwise of the actions before that message: the state there is another one,
    too. `remarks` say what of the conversation cannot be played again.
    """

    actions: int
    otherwise: tuple[Otherwise, ...]
    before: tuple[Otherwise, ...]
    remarks: tuple[str, ...]


def what_if(user: User, from_message: str | None = None) -> WhatIf:
    """Play a user's conversation again for one who stands in for them, and compare from a message on.

    `from_message` is the id of a message, or its first 8 characters or more; of a user's message the next of the coach
    is meant. Nothing of the user is changed, locked or waited for. Raises `NoSuchMessage`, `NotRecordable`.
    """
    recording = record(user)
    begin = _place_of(from_message, recording.spoken) if from_message is not None else 0
    passed = sum(len(spoken.asked) for spoken in recording.spoken[:begin])
    again = rerun(recording)
    present, end_state = again.present, again.end_state
    if not recording.has_every_action:
        present, end_state = replace(present, actions=[]), replace(end_state, actions=[])
    differences = differences_between(present, end_state)
    steps = rerun(recording, with_steps=True).steps if differences else ()
    first = [f"actions[{number}]" for number in range(passed)]
    before = [one for one in differences if one.place.split(".")[0] in first]
    return WhatIf(
        actions=len(recording.asked) - passed,
        otherwise=tuple(_otherwise([one for one in differences if one not in before], steps)),
        before=tuple(_otherwise(before, steps)),
        remarks=(*recording.remarks, *again.unresolved),
    )


def _otherwise(differences: Sequence[Difference], steps: Sequence[Step]) -> Iterator[Otherwise]:
    for one in differences:
        yield Otherwise(place=one.place, now=one.expected, would_be=one.got, by=made_by(one.place, steps))


def _place_of(text: str, spoken: Sequence[Spoken]) -> int:
    """The number of the message, or of the coach's next one after a user's."""
    wanted = text.strip().lower()
    found = [number for number, one in enumerate(spoken) if _is_called(one.message.id, wanted)]
    if len(found) != 1:
        how = "Several of the user's messages have" if found else "None of the user's messages has"
        raise NoSuchMessage(f"{how} the id {text!r}: give the whole id of one since the last reset.")
    after = found[0] + len(list(takewhile(lambda one: not one.is_coach, spoken[found[0] :])))
    if after == len(spoken):
        raise NoSuchMessage(
            f"The coach said nothing after the message {text!r}: there is nothing to play again."
        )
    return after


def _is_called(row_id: UUID, wanted: str) -> bool:
    return len(wanted) >= SHORTEST and wanted.replace("-", "") == row_id.hex[: len(wanted.replace("-", ""))]
