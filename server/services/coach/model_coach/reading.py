"""Reading a model's answer: its message while it is being written, and the whole once it is complete."""

import json
from typing import Any

from pydantic_core import from_json


class NoAnswer(ValueError):
    """What the model wrote holds no JSON object. The message says what is wrong with it."""


def message_so_far(text: str) -> str:
    """The beginning of the message in the beginning of an answer; empty where nothing of it is there yet."""
    try:
        answer = from_json(_unfenced(text), allow_partial="trailing-strings")
    except ValueError:  # nothing that is JSON so far
        return ""
    message = answer.get("message") if isinstance(answer, dict) else None
    return message if isinstance(message, str) else ""


def complete_answer(text: str) -> dict[str, Any]:
    """The JSON object that the model wrote. Raises `NoAnswer`.

    Models are known to write the same object twice, one after the other. The first one counts, whatever stands after
    it: it is complete, it was asked for, and its message is the one that the user has read already.
    """
    written = _unfenced(text.strip())
    try:
        found, _ = json.JSONDecoder(object_pairs_hook=_object).raw_decode(written)
    except (ValueError, RecursionError) as error:
        raise NoAnswer(f"It is no valid JSON: {error}." if written else "It is empty.") from error
    if not isinstance(found, dict):
        raise NoAnswer("It is no JSON object.")
    return found


def _unfenced(text: str) -> str:
    """Without the line that begins a fence, into which models of some servers put what they write."""
    return text.partition("\n")[2] if text.startswith("```") else text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises `ValueError` for a key that stands there twice: one of the values would be dropped in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found
