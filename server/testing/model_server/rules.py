"""What a request must hold to, as the real server has it."""

import re
from collections.abc import Collection, Mapping
from secrets import compare_digest
from typing import Any

from openai.types.chat.completion_create_params import (
    CompletionCreateParamsBase,
    CompletionCreateParamsNonStreaming,
)

from server.services.action_handler.utils.strict_mode import problems_of
from server.testing.model_server.wire import ApiError

FIELDS = (
    CompletionCreateParamsBase.__annotations__.keys()
    | CompletionCreateParamsNonStreaming.__annotations__.keys()
)
MESSAGE_FIELDS: Mapping[str, frozenset[str]] = {
    "system": frozenset({"role", "content", "name"}),
    "developer": frozenset({"role", "content", "name"}),
    "user": frozenset({"role", "content", "name"}),
    "assistant": frozenset({"role", "content", "name", "refusal"}),
}
EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max"})
SCHEMA_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
SCHEMA_FIELDS = frozenset({"name", "description", "schema", "strict"})
LONGEST_IDENTIFIER = 128


def check_key(header: str | None, key: str) -> None:
    """Raises `ApiError` where the Authorization header does not hold the key."""
    scheme, _, given = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise ApiError(401, "You didn't provide an API key in the Authorization header.")
    if not compare_digest(given.encode(), key.encode()):
        hidden = f"{given[:4]}***{given[-4:]}" if len(given) > 12 else "***"
        raise ApiError(401, f"Incorrect API key provided: {hidden}.", code="invalid_api_key")


def check_request(body: object, models: Collection[str]) -> dict[str, Any]:
    """The body, if it is one of a chat completion. Raises `ApiError`."""
    if not isinstance(body, dict):
        raise ApiError(400, "We could not parse the JSON body of your request.")
    for name in sorted(body.keys() - FIELDS):
        raise ApiError(400, f"Unrecognized request argument supplied: {name}", param=name)
    for name in ("model", "messages"):
        if name not in body:
            raise ApiError(400, f"Missing required parameter: '{name}'.", param=name)
    if body["model"] not in models:
        message = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise ApiError(404, message, code="model_not_found")
    _check_messages(body["messages"])
    _check_parameters(body)
    _check_format(body.get("response_format"))
    return body


def _check_messages(messages: object) -> None:
    if not isinstance(messages, list) or not messages:
        raise ApiError(400, "Invalid 'messages': expected an array with at least one item.", param="messages")
    for number, message in enumerate(messages):
        place = f"messages[{number}]"
        if not isinstance(message, dict) or message.get("role") not in MESSAGE_FIELDS:
            raise ApiError(400, f"Invalid value for '{place}.role'.", param=place, code="invalid_value")
        for name in sorted(message.keys() - MESSAGE_FIELDS[message["role"]]):
            raise ApiError(
                400, f"Unknown parameter: '{place}.{name}'.", param=place, code="unknown_parameter"
            )
        if not isinstance(message.get("content"), str):
            raise ApiError(400, f"Invalid value for '{place}.content': expected a string.", param=place)


def _check_parameters(body: Mapping[str, Any]) -> None:
    _check(body, "stream", isinstance(body.get("stream", False), bool))
    _check(body, "temperature", _is_number(body.get("temperature", 1), 0, 2))
    _check(body, "reasoning_effort", body.get("reasoning_effort", "medium") in EFFORTS)
    _check(body, "max_completion_tokens", _is_number(body.get("max_completion_tokens", 1), 1, 1_000_000))
    identifier = body.get("safety_identifier", "")
    _check(body, "safety_identifier", isinstance(identifier, str) and len(identifier) <= LONGEST_IDENTIFIER)
    if "stream_options" in body and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise ApiError(400, message, param="stream_options")


def _is_number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _check(body: Mapping[str, Any], name: str, is_right: bool) -> None:
    if not is_right:
        raise ApiError(400, f"Invalid '{name}': {body[name]!r}.", param=name, code="invalid_value")


def _check_format(response_format: object) -> None:
    """Only what is used here is known: a JSON schema, and strict."""
    if response_format is None:
        return
    form = response_format if isinstance(response_format, dict) else {}
    named = form.get("json_schema")
    if (
        form.get("type") != "json_schema"
        or not isinstance(named, dict)
        or form.keys() - {"type", "json_schema"}
    ):
        raise ApiError(
            400, "Invalid 'response_format': only a 'json_schema' is known here.", param="response_format"
        )
    if not SCHEMA_NAME.fullmatch(str(named.get("name", ""))) or named.keys() - SCHEMA_FIELDS:
        raise ApiError(400, "Invalid 'response_format.json_schema'.", param="response_format.json_schema")
    if named.get("strict") is not True:
        raise ApiError(
            400, "The stand-in knows strict schemas alone.", param="response_format.json_schema.strict"
        )
    if problems := problems_of(named.get("schema")):
        message = f"Invalid schema for response_format '{named['name']}': {' '.join(problems)}"
        raise ApiError(400, message, param="response_format", code="invalid_json_schema")
