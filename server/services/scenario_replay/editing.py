"""Changing a value in a JSON text: what stays the same stays where it is, laid out as it was."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from server.services.scenario_replay.places import Member, beginning, members

Edit = tuple[int, int, str]
"""From where to where in the text, and what to put there."""


def with_member(text: str, key: str, value: Any) -> str:
    """The text of an object, with another value of a key that it has. Raises `KeyError` where it has none."""
    for member in members(text, beginning(text)):
        if member.key == key:
            edits = list(_Layout(text, member).edits(member, value))
            for begins_at, end, new in reversed(edits):
                text = f"{text[:begins_at]}{new}{text[end:]}"
            return text
    raise KeyError(key)


class _Layout:
    """How a text is laid out: new values are written so, too. `outermost` is the member that stands furthest left."""

    def __init__(self, text: str, outermost: Member) -> None:
        self._text = text
        self._indent = self._indent_at(outermost.at)
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def edits(self, old: Member, new: Any) -> Iterator[Edit]:
        """What makes the value of a member another, from left to right."""
        value = json.loads(self._text[old.value_at : old.value_end])
        inside = list(members(self._text, old.value_at))
        if isinstance(value, dict) and isinstance(new, dict) and value.keys() == new.keys():
            for member in inside:
                yield from self.edits(member, new[member.key])
        elif isinstance(value, list) and isinstance(new, list) and value and new:
            yield from self._edits_of_rows(old, inside, new)
        elif json.dumps(value) != json.dumps(new):
            yield old.value_at, old.value_end, self._written(new, old, is_empty=not inside)

    def _edits_of_rows(self, rows: Member, old: Sequence[Member], new: Sequence[Any]) -> Iterator[Edit]:
        for member, value in zip(old, new, strict=False):
            yield from self.edits(member, value)
        last = old[-1]
        if len(new) < len(old):
            yield old[len(new) - 1].value_end, last.value_end, ""
        if len(old) > 1:
            between = self._text[old[-2].value_end : last.at]
        else:
            between = "," + (self._text[rows.value_at + 1 : last.at] or " ")
        for value in new[len(old) :]:
            yield last.value_end, last.value_end, between + self._written(value, last, is_empty=False)

    def _written(self, value: Any, like: Member, *, is_empty: bool) -> str:
        """The value on as many lines as the one that it is `like`; one that was empty tells nothing of that."""
        text = self._text if is_empty else self._text[like.value_at : like.value_end]
        if "\n" not in text:
            return json.dumps(value, ensure_ascii=False)
        lines = json.dumps(value, ensure_ascii=False, indent=self._indent or 2).split("\n")
        return f"{self._newline}{self._indent_at(like.at)}".join(lines)

    def _indent_at(self, at: int) -> str:
        """What the line of a place begins with."""
        line = self._text[self._text.rfind("\n", 0, at) + 1 : at]
        return line[: len(line) - len(line.lstrip(" \t"))]
