"""Generated parts of pages that are written by hand: what stands between `<!-- generated: NAME … -->` and its end."""

import re
from collections.abc import Mapping
from pathlib import Path

BEGIN, END = "<!-- generated: {name} (make generate) -->", "<!-- end of generated -->"
BLOCK = re.compile(
    r"^<!-- generated: (?P<name>[\w-]+) \(make generate\) -->\n(?P<body>.*?)^<!-- end of generated -->$",
    re.MULTILINE | re.DOTALL,
)
MARK = re.compile(r"<!--\s*(?:end of )?generated\b.*", re.IGNORECASE)


class BlockError(ValueError):
    """A page lacks a marker of a generated block, or has a broken one; the message names the file and the mend."""


def filled(
    path: Path, text: str, blocks: Mapping[str, str], *, optional: frozenset[str] = frozenset()
) -> str:
    """The page's text with each of its blocks holding what `blocks` says.

    Raises `BlockError` for a block that the page has broken, twice or not at all; not at all is fine for those that are
    `optional`.
    """
    names = [found["name"] for found in BLOCK.finditer(text)]
    for found in BLOCK.finditer(text):
        _check(path, found, names, blocks)
    _check_rest(path, BLOCK.sub("", text))
    for name in blocks:
        if name not in names and name not in optional:
            raise BlockError(f"{path} has no generated part {name!r}: add these two lines.\n{_empty(name)}")
    return BLOCK.sub(lambda found: _block(found["name"], blocks[found["name"]]), text)


def _check(path: Path, found: re.Match[str], names: list[str], blocks: Mapping[str, str]) -> None:
    name = found["name"]
    if name not in blocks:
        raise BlockError(
            f"{path} has a generated part {name!r}, which nothing writes: name one of {[*blocks]}."
        )
    if names.count(name) > 1:
        raise BlockError(f"{path} has the generated part {name!r} twice: remove one.")
    if broken := MARK.search(found["body"]):
        raise BlockError(f"{path}: the generated part {name!r} has no end before {broken[0]!r}: add {END!r}.")


def _check_rest(path: Path, rest: str) -> None:
    if broken := MARK.search(rest):
        raise BlockError(
            f"{path} has a marker that begins or ends nothing, {broken[0]!r}: a generated part is these two lines.\n"
            f"{_empty('NAME')}"
        )


def _empty(name: str) -> str:
    return f"{BEGIN.format(name=name)}\n{END}"


def _block(name: str, body: str) -> str:
    return f"{BEGIN.format(name=name)}\n\n{body.strip()}\n\n{END}"
