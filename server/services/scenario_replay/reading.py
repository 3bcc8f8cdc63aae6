"""Reading a JSON file as a model: it is good, or each fault is told with file, line, place and mend."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from server.services.scenario_replay.places import Place, line_of, repeated_key

MOST_BYTES = 10 * 2**20
MOST_FAULTS = 20
MOST_OF_A_KEY = 80

MENDS: Mapping[str, str] = {
    "missing": "it is missing: add it",
    "extra_forbidden": "there is no such key: remove it, or mend its name",
    "model_type": "this is no object: write {{…}}",
    "dict_type": "this is no object: write {{…}}",
    "tuple_type": "this is no list: write […]",
    "list_type": "this is no list: write […]",
    "string_type": "this is no text: write one, in double quotes",
    "string_unicode": "half a character (a lone surrogate) is in it: remove it",
    "string_too_short": "it is empty: write something",
    "too_short": "it is empty: write something",
    "string_too_long": "it is longer than {max_length:,} characters: shorten it",
    "too_long": "it is longer than {max_length:,} characters: shorten it",
    "string_pattern_mismatch": "it is no plain name: begin with a small letter; go on with those, digits and `_`",
    "enum": "there is no such value: write {expected}",
    "literal_error": "there is no such value: write {expected}",
}
"""What is said of Pydantic's kinds of error, in words for who writes the file."""

Model = TypeVar("Model", bound=BaseModel)
File = Path | str
"""A file, or what to call one that came by another way."""
Problem = tuple[Place, str]
"""A place in a file, and what is wrong there."""


class Faults(Exception):
    """A file cannot be used. `lines` has a line for each fault, which names the file."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class _KeyTwice(ValueError):
    """An object has a key twice: JSON's own reader would take the last, and say nothing."""


def read(path: Path, model: type[Model]) -> tuple[Model, str]:
    """The file's content, and its text, which `faults_in` wants. Raises `Faults`."""
    text = _text(path)
    return parsed(text, path, model), text


def parsed(text: str, file: File, model: type[Model]) -> Model:
    """The content of a file that was read already. Raises `Faults`."""
    content = _content(file, text)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise faults_in(file, text, problems_of(error)) from error


def problems_of(error: ValidationError) -> list[Problem]:
    """What is wrong, each with its place, in words for who writes the file."""
    return [
        (tuple(fault["loc"]), _words(fault["type"], fault["msg"], fault.get("ctx", {})))
        for fault in error.errors(include_url=False, include_input=False)
    ]


def faults_in(path: File, text: str, problems: Sequence[Problem]) -> Faults:
    """A line for each problem, of many the first ones and how many there are."""
    lines = [_line(path, text, place, words) for place, words in problems[:MOST_FAULTS]]
    more = len(problems) - MOST_FAULTS
    return Faults(*lines, *([f"{path}: and {more:,} more."] if more > 0 else []))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Faults(
                f"{path}: it has {size:,} bytes; the limit is {MOST_BYTES:,}: make several scenarios of it."
            )
        content = path.read_bytes()
    except OSError as error:
        raise Faults(f"{path} cannot be read: {error.strerror}.") from error
    return text_of(content, path)


def text_of(content: bytes, file: File) -> str:
    """The text of a file that was read already. Raises `Faults`."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Faults(f"{file}:{line}: this is not UTF-8 text: {error.reason}. Save it as UTF-8.") from error


def _content(path: File, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}"
        raise Faults(f"{place}: this is not JSON, at column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise Faults(f"{path}: it is nested too deeply.") from error
    except _KeyTwice as error:
        line, key = repeated_key(text) or (1, str(error))
        raise Faults(f"{path}:{line}: the key {key!r} stands twice in one object: remove one.") from error
    except ValueError as error:
        raise Faults(f"{path}: a number in it has thousands of digits: shorten it.") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _KeyTwice(key)
        found[key] = value
    return found


def _words(kind: str, message: str, context: Mapping[str, Any]) -> str:
    mend = MENDS.get(kind)
    return mend.format(**context) if mend else message.removeprefix("Value error, ").removesuffix(".")


def _line(path: File, text: str, place: Place, words: str) -> str:
    named = ".".join(map(_shown, place))
    return f"{path}:{line_of(text, place)}: {f'{named}: ' if named else ''}{words}."


def _shown(part: int | str) -> str:
    """A key as it may stand in a line: whatever was made a key, it is one line, and it can be printed."""
    text = str(part) if str(part).isprintable() else ascii(part)
    return text if len(text) <= MOST_OF_A_KEY else f"{text[: MOST_OF_A_KEY - 1]}…"
