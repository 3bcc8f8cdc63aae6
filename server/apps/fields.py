"""Model fields shared by the apps."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

from server.enums.labelled import Labelled


class NextValue(Func):
    """The next value of a PostgreSQL sequence, as a column's database default."""

    def __init__(self, sequence: str) -> None:
        super().__init__(template=f"nextval('{sequence}')", output_field=models.BigIntegerField())
        self.sequence = sequence

    def deconstruct(self) -> Any:
        return f"{type(self).__module__}.{type(self).__qualname__}", (self.sequence,), {}


if TYPE_CHECKING:
    TextColumn = models.CharField[Any, Any]
else:
    TextColumn = models.CharField


class EnumField(TextColumn):
    """A text column whose values are members of an enum.

    Choices follow the enum without migrations. A stored value that this version does not know (a newer version wrote
    it) is read as plain text, and one that a member had before as that member.
    """

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        self.enum = enum
        renamed = enum.old_values() if issubclass(enum, Labelled) else {}
        self._members = {**renamed, **{member.value: member for member in enum}}
        options.setdefault("max_length", 64)
        options["choices"] = [(member.value, getattr(member, "label", member.value)) for member in enum]
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, path, [self.enum, *args], options

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if value is None else self._members.get(value, value)
