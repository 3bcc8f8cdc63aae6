"""Other words for what people wrote: the same for the same, and as long, so that a handler makes the same of them.

Every word and number of a text becomes another; what stands between them stays. Two words that are equal without
regard to case stay so, and two that are not stay different; a word in capitals stays in capitals. The words are drawn
with a secret, without which nobody can tell from a word which one it was, not even by trying all there are.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count, product

from server.models.identity_name import name_key

VOWELS = "aeiou"
CONSONANTS = "bcdfghjklmnpqrstvwxyz"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
IDEOGRAPHS = range(0x4E00, 0x9FFF)
SHORTEST_TELLING = 3
"""A word of so many letters never stands for another: nobody shall take it for what was written."""
EASY_TRIES = 40
"""So often a word is tried that can be pronounced, then one of any letters, then one of rarer letters."""
TRIES = 150


@dataclass(slots=True)
class Pseudonyms:
    """The pseudonyms of all words of these texts, drawn with `key`."""

    key: bytes
    _of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str], *, key: bytes) -> "Pseudonyms":
        """Whatever the order of the texts, each word has the same one."""
        made = cls(key)
        groups: dict[str, set[str]] = {}
        for word in {word for text in texts for word in _words(text)}:
            groups.setdefault(name_key(word), set()).add(word)
        taken = {folded for folded in groups if len(folded) >= SHORTEST_TELLING}
        for folded in sorted(groups):
            made._draw(folded, sorted(groups[folded]), taken)
        return made

    def __call__(self, text: str) -> str:
        """The text in other words. A word that was in none of the texts stays as it is."""
        return "".join(self._of.get(part, part) for part in _parts(text))

    def _draw(self, folded: str, words: list[str], taken: set[str]) -> None:
        """One pseudonym for words that are equal without regard to case, each written in its own way."""
        is_plain = all(_is_plain(word, folded) for word in words)
        pattern = folded if is_plain else "a" * max(len(words).bit_length(), *map(len, words))
        drawn = next(one for one in self._candidates(folded, pattern) if one not in taken)
        taken.add(drawn)
        for number, word in enumerate(words):
            ways = (
                [one != other for one, other in zip(word, folded, strict=True)] if is_plain else _bits(number)
            )
            self._of[word] = _written(drawn, ways)

    def _candidates(self, folded: str, pattern: str) -> Iterator[str]:
        for number in range(TRIES):
            digest = _stream(self.key, f"{number}:{folded}")
            is_easy = number < EASY_TRIES
            yield "".join(
                _letter(one, next(digest), easy=place % 2 if is_easy else None)
                for place, one in enumerate(pattern)
            )
        yield from map("".join, product(*(_rarer(one) for one in pattern)))


def _letter(one: str, drawn: int, *, easy: int | None) -> str:
    if one in DIGITS:
        return DIGITS[drawn % len(DIGITS)]
    letters = LETTERS if easy is None else (CONSONANTS, VOWELS)[easy]
    return letters[drawn % len(letters)]


def _rarer(one: str) -> Iterable[str]:
    if one in DIGITS:
        return DIGITS
    return _cased() if one.upper() != one else map(chr, IDEOGRAPHS)


@cache
def _cased() -> str:
    """All small letters that have one capital, which has them."""
    return "".join(one for one in map(chr, range(0x61, 0x10000)) if one.upper() != one and _is_fit(one))


def _is_fit(small: str) -> bool:
    both = small + small.upper()
    is_normal = unicodedata.normalize("NFC", both) == both
    return small.isalpha() and is_normal and _is_plain(small.upper(), small)


def _stream(key: bytes, text: str) -> Iterator[int]:
    for block in count():
        yield from hmac.digest(key, f"{block}:{text}".encode(), hashlib.sha256)


def _written(drawn: str, ways: Iterable[bool]) -> str:
    capital = [*ways]
    capital += [False] * (len(drawn) - len(capital))
    return "".join(one.upper() if big else one for one, big in zip(drawn, capital, strict=True))


def _bits(number: int) -> list[bool]:
    return [digit == "1" for digit in reversed(f"{number:b}")]


def _is_plain(word: str, folded: str) -> bool:
    """Whether each letter is the folded one, or its only capital."""
    return len(word) == len(folded) and all(
        one in (small, small.upper()) and small.upper().casefold() == small and len(small.upper()) == 1
        for one, small in zip(word, folded, strict=True)
    )


def _words(text: str) -> Iterator[str]:
    return (part for part in _parts(text) if _is_of_a_word(part[0]))


def _parts(text: str) -> Iterator[str]:
    """The words of a text and what is between them, in order."""
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or _is_of_a_word(text[end]) != _is_of_a_word(text[begin]):
            yield text[begin:end]
            begin = end


@cache
def _is_of_a_word(one: str) -> bool:
    return unicodedata.category(one)[0] in "LMN"
