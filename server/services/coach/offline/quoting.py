"""How the coach's messages name what the user named."""

from collections.abc import Sequence

from server.services.action_handler.wording import LISTED_LIMIT, excerpt


def quoted(text: str) -> str:
    """The text in quotation marks, on one line, cut short where it is long."""
    return f"“{excerpt(text)[1:-1]}”"


def quoted_all(texts: Sequence[str]) -> str:
    """`“Father”, “Cook” and “Gardener”`; of many, the first five and how many more there are."""
    names = [quoted(text) for text in texts[:LISTED_LIMIT]]
    if len(texts) > LISTED_LIMIT:
        names.append(f"{len(texts) - LISTED_LIMIT} more")
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
