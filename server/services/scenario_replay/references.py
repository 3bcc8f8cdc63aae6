"""References in the place of ids.

`$gardener` names a row of the start, `$identity:Cook` an identity by its name, `$note:Likes tea.` a note by its text;
where several notes read the same, `$note#2:Likes tea.` is the second oldest of them.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Protocol

IDENTITY = "$identity:"
NOTE = re.compile(r"\$note(?:#([1-9][0-9]{0,8}))?:(.*)", re.DOTALL)
OF_AN_ID = re.compile(r"(?:^|_)id(?:_|$)")


class Rows(Protocol):
    """What references lead to, when they are used: ids, or None."""

    def row(self, ref: str) -> str | None: ...

    def identity(self, name: str) -> str | None: ...

    def user_note(self, text: str, number: int) -> str | None: ...


class Unresolved(Exception):
    """A reference leads nowhere. The message names it and its place."""


def references_in(response: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The references of a response, each with its place in it: `accept_identity.params.identity_id`."""
    for action, asked in response.items():
        params = asked.get("params") if isinstance(asked, Mapping) else None
        for name, value in (params or {}).items():
            if OF_AN_ID.search(name) and isinstance(value, str) and value.startswith("$"):
                yield f"{action}.params.{name}", value


def depends_on_turns(response: Mapping[str, Any]) -> bool:
    """Whether what a response refers to may be made by an earlier turn."""
    return any(
        reference.startswith(IDENTITY) or NOTE.fullmatch(reference)
        for _, reference in references_in(response)
    )


def to_note(text: str, number: int = 1) -> str:
    """The reference to a note that reads so, of several the `number`-th oldest."""
    return f"$note:{text}" if number == 1 else f"$note#{number}:{text}"


def resolved(response: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """The response with ids in the place of references. Raises `Unresolved`."""
    found = deepcopy(dict(response))
    for place, reference in references_in(response):
        action, _, name = place.split(".")
        row_id = _found(reference, rows)
        if row_id is None:
            raise Unresolved(f"{place} is {reference!r}, and there is no such row by then")
        found[action]["params"][name] = row_id
    return found


def _found(reference: str, rows: Rows) -> str | None:
    if reference.startswith(IDENTITY):
        return rows.identity(reference.removeprefix(IDENTITY))
    if note := NOTE.fullmatch(reference):
        return rows.user_note(note[2], int(note[1] or 1))
    return rows.row(reference.removeprefix("$"))
