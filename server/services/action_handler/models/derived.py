"""The maps that are derived from what is declared elsewhere, and that nobody adds to by hand."""

from collections.abc import Iterator, Mapping
from inspect import currentframe
from typing import NoReturn, TypeVar

from server.enums.made_wrong import MadeWrongError, caller_of

K = TypeVar("K")
V = TypeVar("V")


class EntryByHandError(MadeWrongError, TypeError):
    """An entry was written where all are derived; the message names the line and the mend."""


class Derived(Mapping[K, V]):
    """A map that cannot be changed. Whoever tries is told what it is made of. Raises `EntryByHandError`."""

    def __init__(self, entries: Mapping[K, V], *, made_of: str) -> None:
        self._entries = dict(entries)
        self._made_of = made_of

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Derived({self._entries!r}, made_of={self._made_of!r})"

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise EntryByHandError(
            f"{caller_of(currentframe())}: this map takes no entry by hand, it is derived from {self._made_of}; "
            "take the line out."
        )

    __setitem__ = __delitem__ = __or__ = __ror__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse
