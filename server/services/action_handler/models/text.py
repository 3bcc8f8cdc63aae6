"""Text as it may come from outside and be stored."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

NAME_LIMIT = 255
TEXT_LIMIT = 4_000
LIST_LIMIT = 100
MESSAGE_LIMIT = 20_000


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character (U+0000), which cannot be stored; remove it")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            "holds a lone surrogate (half a character), which cannot be stored; remove it"
        ) from error
    return text


StorableText = Annotated[str, AfterValidator(_storable)]
"""Text that PostgreSQL can store. Pydantic refuses lone surrogates in JSON only, not in JSON that was read before."""


@dataclass(frozen=True, slots=True)
class TextRule:
    """What a text must obey once an attempt looks at it, in characters after trimming.

    A text that breaks it has the right shape: it is stored, and its action ends `rejected`.
    """

    limit: int
    may_be_blank: bool = False

    def broken_by(self, text: str) -> str | None:
        """What is wrong with the trimmed `text`, as the end of a sentence; None when nothing is."""
        if not text and not self.may_be_blank:
            return "is blank"
        if len(text) > self.limit:
            return f"has {len(text):,} characters; the limit is {self.limit:,}"
        return None


Name = Annotated[StorableText, TextRule(NAME_LIMIT)]
Prose = Annotated[StorableText, TextRule(TEXT_LIMIT)]
OptionalProse = Annotated[StorableText, TextRule(TEXT_LIMIT, may_be_blank=True)]


class LookedUp:
    """Marks a text that is an id: it needs no rule, since a blank, malformed or foreign one is found by no look-up."""


RowId = Annotated[StorableText, LookedUp()]
"""The id of one of the user's rows."""
