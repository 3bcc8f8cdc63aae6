"""`GET events`: a user's stream as server-sent events, in front of Django.

An open stream holds neither a thread nor a database connection: everything that asks the database is done in the few
threads that the process shares.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import Error
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.api import schemas
from server.api.auth import find_caller
from server.api.problems import MEDIA_TYPE, Invalid, problem_of
from server.apps.threads import in_thread
from server.apps.users.sign_ins import SignIn
from server.services.event_stream.listen import Ear, listeners
from server.services.event_stream.read import (
    ActionTold,
    Batch,
    MessageTold,
    NumberedEvent,
    StateTold,
    Told,
    last_cursor,
    read_after,
)

logger = logging.getLogger(__name__)

PATH = "/api/v1/events"
COMMENT_EVERY_S = 15
SEND_TIMEOUT_S = 30.0
"""A client that takes nothing for so long is cut off; it comes back and resumes."""

SEPARATOR = "\n"
MAX_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A stream about to be sent: whose it is, by what, where it goes on, and whether the client must reload first."""

    user_id: UUID
    sign_in: SignIn
    cursor: int
    must_reload: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is sent next: events as they go over the line, where to go on, and whether there was nothing more."""

    events: list[ServerSentEvent]
    cursor: int
    is_last: bool


class EventEndpoint:
    """The endpoint, as an ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await _response(scope)
        try:
            await response(scope, receive, send)
        except SendTimeoutError:
            logger.info("a stream was ended: its client took nothing for %s s", SEND_TIMEOUT_S)


async def _response(scope: Scope) -> Response:
    try:
        opened = await in_thread(_open, scope)
    except Exception as error:  # noqa: BLE001 (Django does not stand behind this endpoint to answer it)
        problem = problem_of(error)
        return Response(problem.body(), problem.status, problem.headers(), media_type=MEDIA_TYPE)
    return EventSourceResponse(
        _stream(opened),
        sep=SEPARATOR,
        ping=COMMENT_EVERY_S,
        ping_message_factory=_comment,
        send_timeout=SEND_TIMEOUT_S,
    )


def _asked_cursor(request: Request) -> int | None:
    """Where the client wants to go on. Raises `Invalid` for what is no number."""
    header = request.headers.get("Last-Event-ID")
    place, text = ("header", header) if header else ("query", request.query_params.get("after"))
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        name = "Last-Event-ID" if place == "header" else "after"
        raise Invalid([place, name], "is no cursor: send the `id` of the last event, or 0 for the beginning")
    return int(text[:MAX_DIGITS])


def _open(scope: Scope) -> Opened:
    """Who is calling, and where their stream goes on. Raises `AuthenticationError` and `HttpError`."""
    caller = find_caller(_django_request(scope))
    if caller is None:
        raise AuthenticationError
    cursor, must_reload = _beginning(caller.user.id, _asked_cursor(Request(scope)))
    return Opened(user_id=caller.user.id, sign_in=caller.sign_in, cursor=cursor, must_reload=must_reload)


def _beginning(user_id: UUID, asked: int | None) -> tuple[int, bool]:
    """The cursor to go on from, and whether the client must reload first."""
    if asked is None:
        return last_cursor(user_id), False
    batch = read_after(user_id, asked, limit=1)
    return (batch.cursor, True) if batch.is_cut else (asked, False)


def _django_request(scope: Scope) -> HttpRequest:
    """The request as Django's sign-in sees it."""
    request = ASGIRequest(dict(scope), BytesIO())
    try:
        request.get_host()
    except DisallowedHost as error:
        raise HttpError(400, "This host name is not served here: see COACH_ALLOWED_HOSTS.") from error
    SessionMiddleware(_no_response).process_request(request)
    AuthenticationMiddleware(_no_response).process_request(request)
    return request


def _no_response(request: HttpRequest) -> HttpResponse:
    """Stands for the rest of Django, which the request never reaches."""
    return HttpResponse()


async def _stream(opened: Opened) -> AsyncIterator[ServerSentEvent]:
    with listeners.listening(opened.user_id, opened.cursor, opened.sign_in) as ear:
        yield _event("hello", schemas.HelloEvent(cursor=opened.cursor))
        if opened.must_reload:
            yield _reset(opened.cursor)
        while not ear.is_closed:
            part = await _read(ear) if ear.forget() else None
            if part is not None:
                for event in part.events:
                    yield event
                ear.cursor = part.cursor
            if (running := ear.take_running()) is not None:
                yield _event("running", schemas.RunningEvent(action=schemas.Action.of(running)))
            for news in ear.take_drafted(listeners.drafts):
                yield _event("message_delta", schemas.MessageDeltaEvent.of(news))
            if part is not None and not part.is_last:
                ear.wake()
            await ear.wait()


async def _read(ear: Ear) -> Part | None:
    try:
        return await listeners.read_once(ear, _next_part)
    except Error as error:
        logger.warning("a stream could not be read, it will be tried again: %s", error)
        listeners.look_again_soon()
        return None


async def _next_part(user_id: UUID, cursor: int) -> Part:
    batch = await in_thread(read_after, user_id, cursor)
    return Part(events=_shown(batch), cursor=batch.cursor, is_last=batch.is_last)


def _shown(batch: Batch) -> list[ServerSentEvent]:
    if batch.is_cut:
        return [_reset(batch.cursor)]
    return [_numbered(event) for event in batch.events]


def _numbered(event: NumberedEvent) -> ServerSentEvent:
    return _event(event.kind, _data(event.told), cursor=event.cursor)


def _data(told: Told) -> schemas.Wire:
    match told:
        case ActionTold(action=action, data=data):
            return schemas.ActionEvent(action=schemas.Action.at(action, data))
        case MessageTold(message=message, actions=actions):
            return schemas.MessageEvent(message=schemas.Message.of(message, actions))
        case StateTold(coach_state=coach_state, identities=identities):
            return schemas.CoachStateEvent(
                coach_state=schemas.CoachState.of(coach_state),
                identities=[schemas.Identity.of(identity) for identity in identities],
            )


def _reset(cursor: int) -> ServerSentEvent:
    """Reload. It bears the cursor from which the stream goes on, so that the client comes back to that place."""
    return _event("reset", schemas.ResetEvent(), cursor=cursor)


def _event(name: str, data: schemas.Wire, *, cursor: int | None = None) -> ServerSentEvent:
    number = None if cursor is None else str(cursor)
    return ServerSentEvent(data.model_dump_json(), event=str(name), id=number, sep=SEPARATOR)


def _comment() -> ServerSentEvent:
    return ServerSentEvent(comment="still here", sep=SEPARATOR)
