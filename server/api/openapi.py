"""What the OpenAPI document says beside what the views declare."""

from typing import Any

from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import models_json_schema

from server.api import schemas
from server.enums.coach_failure_kind import CoachFailureKind

EVENT_DATA = (
    schemas.HelloEvent,
    schemas.ActionEvent,
    schemas.RunningEvent,
    schemas.CoachStateEvent,
    schemas.MessageEvent,
    schemas.MessageDeltaEvent,
    schemas.ResetEvent,
)

EVENTS = {
    "get": {
        "operationId": "stream_events",
        "summary": "Stream Events",
        "description": (
            "The user's stream, as server-sent events. First `hello` (its data is a HelloEvent); then, with an `id` "
            "each: `action` (ActionEvent), `coach_state` (CoachStateEvent) after a change, `message` (MessageEvent). "
            "`running` (RunningEvent), without an `id`, tells each stream once that an attempt is under way; one that "
            "ends at once is not told. `message_delta` (MessageDeltaEvent), without an `id` too, tells what the coach "
            "is writing. `reset` (ResetEvent) tells the client to reload: its cursor is too old to serve, or the chat "
            "was reset. A comment every 15 s keeps the line open."
        ),
        "tags": ["events"],
        "parameters": [
            {
                "in": "header",
                "name": "Last-Event-ID",
                "required": False,
                "schema": {"type": "integer", "minimum": 0},
                "description": "Go on after this event. A browser sends it by itself.",
            },
            {
                "in": "query",
                "name": "after",
                "required": False,
                "schema": {"type": "integer", "minimum": 0},
                "description": "The same for programs; 0 is the beginning. Without both: from now on.",
            },
        ],
        "responses": {
            200: {"description": "OK", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
        },
        "security": [{"BearerToken": []}, {"Session": []}],
    }
}

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "kind": {
            "type": "string",
            "enum": [kind.value for kind in CoachFailureKind],
            "description": "Why the coach did not answer, where it was asked (503).",
        },
        "errors": {
            "type": "array",
            "description": "Where a request of status 422 is wrong.",
            "items": {
                "type": "object",
                "required": ["loc", "msg"],
                "properties": {
                    "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                    "msg": {"type": "string"},
                },
            },
        },
    },
}

ANY_ERROR = {
    "description": "An error",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def complete(document: OpenAPISchema, events_path: str) -> OpenAPISchema:
    """Add the event stream, which Django does not serve, and the shape of every error."""
    paths: dict[str, Any] = document["paths"]
    paths[events_path] = EVENTS
    document["components"]["schemas"] |= {"Problem": PROBLEM, **_event_data()}
    for path in paths.values():
        for operation in path.values():
            operation["responses"].setdefault("default", ANY_ERROR)
    return document


def _event_data() -> dict[str, Any]:
    """What the stream's events carry, and everything that they are made of."""
    _, described = models_json_schema(
        [(model, "serialization") for model in EVENT_DATA], ref_template="#/components/schemas/{model}"
    )
    definitions: dict[str, Any] = described["$defs"]
    return definitions
