"""The base of every enum that leaves the server."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

SMALL_WORDS = {"and", "of", "to"}


class Labelled(StrEnum):
    """A text enum whose members have a label for people.

    The value is the wire id; the declared order is part of the contract. The label is derived from the value where it
    is a name (`passions_and_talents` reads "Passions and Talents"); where it is a phrase, the enum has a table.
    """

    @property
    def label(self) -> str:
        return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in self.value.split("_"))

    @classmethod
    def old_values(cls) -> Mapping[str, Self]:
        """The members by values that they had before: rows may carry these."""
        return {}
