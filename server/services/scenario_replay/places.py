"""Where in a JSON text something stands."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SPACE = re.compile(r"[ \t\r\n]*")
TOKEN = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")[ \t\r\n]*(:?)|[{}\[\]]', re.DOTALL)
DECODER = json.JSONDecoder()
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

Place = Sequence[int | str]
"""The keys and numbers that lead to a value: `("turns", 0, "response")`."""


@dataclass(frozen=True, slots=True)
class Member:
    """A key or number of an object or list, where it stands, and from where to where its value does."""

    key: int | str
    at: int
    value_at: int
    value_end: int


def line_of(text: str, place: Place) -> int:
    """The line of a place in a good JSON text, from 1; where it is not there, that of the nearest part around it."""
    line_at = value_at = beginning(text)
    for part in place:
        found = next((member for member in members(text, value_at) if member.key == part), None)
        if found is None:
            break
        line_at, value_at = found.at, found.value_at
    return text.count("\n", 0, line_at) + 1


def repeated_key(text: str) -> tuple[int, str] | None:
    """The first key that stands twice in one object, and the line of its second place."""
    around: list[set[str]] = []
    for token in TOKEN.finditer(text):
        match token[0][0]:
            case "{" | "[":
                around.append(set())
            case "}" | "]":
                around.pop()
            case _ if token[2]:
                key = json.loads(token[1], strict=False)
                if key in around[-1]:
                    return text.count("\n", 0, token.start()) + 1, key
                around[-1].add(key)
    return None


def beginning(text: str) -> int:
    """Where its value begins, after white space and the mark that some editors begin a file with."""
    return _past_space(text, len(MARK) if text.startswith(MARK) else 0)


def members(text: str, at: int) -> Iterator[Member]:
    """The members of the object or list that begins there; none of anything else. The values are passed over."""
    is_object = text[at] == "{"
    if not is_object and text[at] != "[":
        return
    number, at = 0, _past_space(text, at + 1)
    while text[at] not in "}]":
        key, begins_at = number, at
        if is_object:
            key, at = DECODER.raw_decode(text, at)
            at = _past_space(text, _past_space(text, at) + 1)
        _, end = DECODER.raw_decode(text, at)
        yield Member(key, begins_at, at, end)
        at = _past_space(text, end)
        at = _past_space(text, at + 1) if text[at] == "," else at
        number += 1


def _past_space(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at
