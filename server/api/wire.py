"""Reading and writing JSON."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import from_json, to_json

JSON_TYPES = ("application/json", "text/json")


class JsonParser(Parser):
    """Reads with Pydantic's own parser: it refuses deep nesting and lone surrogates."""

    def parse_body(self, request: HttpRequest) -> Any:
        media_type = request.content_type or ""
        if media_type and media_type not in JSON_TYPES and not media_type.endswith("+json"):
            raise HttpError(415, f"The body is {media_type!r}: send JSON, as 'application/json'.")
        try:
            return from_json(request.body, allow_inf_nan=False)
        except ValueError as error:
            raise HttpError(400, f"The body is not JSON: {error}.") from error


class JsonRenderer(BaseRenderer):
    """Writes as Pydantic does, so that times read the same in every answer and event."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)
