"""How a summary names things that may be long."""

from collections.abc import Sequence

EXCERPT_LIMIT = 80
LISTED_LIMIT = 5


def excerpt(text: str) -> str:
    """The text in double quotes, inside a sentence: on one line, without its full stop, cut after 80 characters."""
    line = " ".join(text.split()).removesuffix(".")
    if len(line) > EXCERPT_LIMIT:
        line = f"{line[: EXCERPT_LIMIT - 1].rstrip()}…"
    return f'"{line}"'


def listed(items: Sequence[str]) -> str:
    """`"Father", "Cook" and "Gardener"`, or, of more than five, the first five `and 3 more`."""
    quoted = [excerpt(item) for item in items[:LISTED_LIMIT]]
    if len(items) > LISTED_LIMIT:
        quoted.append(f"{len(items) - LISTED_LIMIT} more")
    *first, last = quoted
    return f"{', '.join(first)} and {last}" if first else last
