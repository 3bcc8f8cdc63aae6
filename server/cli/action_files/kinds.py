"""The types that a parameter of a new action may have, beside the enums."""

from dataclasses import dataclass

NEW_TEXT = "Something new."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type, by the name that a person writes."""

    name: str
    takes: str
    """What it takes, as it is said where somebody is asked."""
    annotation: str
    """As the params class has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind(Kind):
    """Words, or a list of them."""

    example: str
    """A value as the test writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind(Kind):
    """The id of a row. A wrong one is answered by the name of its parameter, which has `mark` in it."""

    mark: str
    described: str
    """The annotation where no description was given."""


def _row(name: str, mark: str, described: str) -> RowKind:
    takes = f"its name has {mark} in it"
    return RowKind(name=name, takes=takes, annotation="RowId", mark=mark, described=described)


ROWS = {
    row.name: row
    for row in (
        _row("identity", "identity_id", "IdentityId"),
        _row("user_note", "user_note_id", "UserNoteId"),
    )
}
TEXTS = {
    text.name: text
    for text in (
        TextKind(
            name="name",
            takes="a few words, up to 255 characters",
            annotation="Name",
            example=f'"{NEW_TEXT}"',
        ),
        TextKind(name="text", takes="up to 4,000 characters", annotation="Prose", example=f'"{NEW_TEXT}"'),
        TextKind(
            name="optional_text", takes="the same, may be empty", annotation="OptionalProse", example='""'
        ),
        TextKind(name="names", takes="a list of names", annotation="list[Name]", example=f'["{NEW_TEXT}"]'),
    )
}
KINDS: dict[str, Kind] = {**ROWS, **TEXTS}
