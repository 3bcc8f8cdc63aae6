"""Response files: one `CoachChatResponse`, or JSON Lines of them. Every fault names file, line and place."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from server.api.body_limit import MAX_BODY
from server.cli.errors import CommandError
from server.models.coach_chat_response import ChatResponse, CoachChatResponse

STDIN = Path("-")
SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class _Value:
    """One JSON value of a file: its text, and the 1-based line on which it begins."""

    text: str
    line: int


def read_responses(path: Path) -> list[ChatResponse]:
    """Every response of the file, `-` being the standard input. Raises `CommandError` for the first fault."""
    name = "standard input" if path == STDIN else str(path)
    responses = [_response(name, value) for value in _values(name, _text(name, _content(path, name)))]
    if not responses:
        raise CommandError(f"{name} holds no response: write one JSON object, or one on each line.")
    return responses


def _content(path: Path, name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{name}, line {line}: this is not UTF-8 text ({error.reason}).") from error


def _values(name: str, text: str) -> Iterator[_Value]:
    """Cut the text into its JSON values, wherever their lines end."""
    decoder = json.JSONDecoder()
    end, line = 0, 1
    while (start := _past_space(text, end)) < len(text):
        line += text.count("\n", end, start)
        try:
            _, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            place = f"{name}, line {error.lineno}, column {error.colno}"
            raise CommandError(f"{place}: this is not JSON: {error.msg}.") from error
        except RecursionError as error:
            raise CommandError(f"{name}, line {line}: the response is nested too deeply.") from error
        except ValueError as error:  # a number of thousands of digits
            raise CommandError(f"{name}, line {line}: {error}.") from error
        yield _Value(text[start:end], line)
        line += text.count("\n", start, end)


def _past_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _response(name: str, value: _Value) -> ChatResponse:
    place = f"{name}, line {value.line}"
    size = len(value.text.encode(errors="surrogatepass"))
    if size > MAX_BODY:
        raise CommandError(f"{place}: the response has {size:,} bytes; the limit is {MAX_BODY:,}.")
    try:
        return CoachChatResponse.model_validate_json(value.text)
    except ValidationError as error:
        raise CommandError(f"{place}{_first_fault(error)}") from error


def _first_fault(error: ValidationError) -> str:
    fault, *others = error.errors(include_url=False)
    place = ".".join(str(part) for part in fault["loc"])
    more = f" ({len(others)} more in this response)" if others else ""
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{f', {place}' if place else ''}: {reason}.{more}"
