"""The API, version 1."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from server.api import (
    actions,
    admin,
    chat,
    coach_state,
    events,
    identities,
    messages,
    replays,
    responses,
    scenarios,
    sessions,
    user_notes,
)
from server.api.auth import SIGNED_IN
from server.api.openapi import complete
from server.api.problems import answer_with_problems
from server.api.wire import JsonParser, JsonRenderer

DESCRIPTION = """
Talk to the coach, follow what becomes of each action, read the state.

Browsers sign in with `auth/login` and send the `csrftoken` cookie's value as `X-CSRFToken`. Programs send
`Authorization: Bearer <token>` (`coach token create`). Errors are `application/problem+json`.
""".strip()


class CoachAPI(NinjaAPI):
    """Ninja's API, with operations named after their views and a complete OpenAPI document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return complete(super().get_openapi_schema(**options), events.PATH)


api = CoachAPI(
    title="Coach",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="v1",
    auth=SIGNED_IN,
    parser=JsonParser(),
    renderer=JsonRenderer(),
)
answer_with_problems(api)

for prefix, router in {
    "/auth": sessions.router,
    "/messages": messages.router,
    "/users": responses.router,
    "/actions": actions.router,
    "/coach-state": coach_state.router,
    "/identities": identities.router,
    "/user-notes": user_notes.router,
    "/chat": chat.router,
    "/admin": admin.router,
    "/admin/scenarios": scenarios.router,
    "/admin/replays": replays.router,
}.items():
    api.add_router(prefix, router)
