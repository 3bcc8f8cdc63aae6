"""The text of an answer: with every key that the schema asks for, and with the ids that the model was told."""

import json
import re
from collections.abc import Mapping
from typing import Any

from server.testing.model_server.conversations import Received
from server.testing.model_server.wire import ApiError

IDENTITY = "$identity:"
NOTE = "$note:"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def text_of(answer: Mapping[str, Any], received: Received) -> str:
    """The answer as the model would write it: strict outputs have every key, in the schema's order.

    Raises `ApiError` for an answer that the schema of this request does not allow: the real server could not give it.
    """
    asked = _properties(received.body)
    if asked is None:
        return json.dumps(_filled_in(answer, received))
    for name in sorted(answer.keys() - asked.keys()):
        raise ApiError(
            400, f"The script answers with {name!r}, which this request does not allow.", code="script_wrong"
        )
    return json.dumps({name: _filled_in(answer.get(name), received) for name in asked})


def _properties(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = body.get("response_format")
    properties: Mapping[str, Any] | None = form["json_schema"]["schema"]["properties"] if form else None
    return properties


def _filled_in(value: Any, received: Received) -> Any:
    """The value, with the id of the row in the place of `$identity:NAME` and `$note:TEXT`."""
    if isinstance(value, Mapping):
        return {key: _filled_in(inner, received) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner, received) for inner in value]
    for mark in (IDENTITY, NOTE):
        if isinstance(value, str) and value.startswith(mark):
            return _id_beside(value.removeprefix(mark), received)
    return value


def _id_beside(name: str, received: Received) -> str:
    """The id of the row of that name: on its line, or on the nearest line before or after it that has one.

    A name that stands in quotes, as a whole, goes before one that is a part of another.
    """
    lines = received.ours.splitlines()
    for wanted in (json.dumps(name), json.dumps(name, ensure_ascii=False), name):
        for distance in (0, -1, 1):
            for number, line in enumerate(lines):
                beside = lines[number + distance] if 0 <= number + distance < len(lines) else ""
                if wanted in line and (found := UUID.search(beside)):
                    return found.group()
    raise ApiError(
        400, f"The script names {name!r}, and the model was told no id of it.", code="script_wrong"
    )
