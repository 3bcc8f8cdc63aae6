"""Errors as `application/problem+json` (RFC 9457)."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from server.apps.pool import replace_connections
from server.enums.coach_failure_kind import CoachFailureKind
from server.services.action_queue.idempotency import KeyReused
from server.services.action_queue.operate import NotPossible
from server.services.coach.failure import CoachFailed
from server.services.coach.turn import StillUnderWay, TurnFailed, TurnOvertaken
from server.services.sqlstate import is_away

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 100

DETAILS: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "Sign in, or send a bearer token.",
    403: "You are not allowed to do this.",
    404: "There is nothing here.",
    405: "This method is not allowed here.",
    500: "Something went wrong on the server. It has been logged.",
    503: "The server is not available just now. Send the request again, with the same idempotency key if it had one: "
    "nothing is stored twice then.",
}
"""What is said where nothing better is known."""

HAVE_WORDS = (KeyReused, NotPossible, StillUnderWay, TurnOvertaken, TurnFailed)
"""Exceptions whose message is meant for the caller."""

STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (Http404, 404),
    (KeyReused, 409),
    (NotPossible, 409),
    (StillUnderWay, 409),
    (TurnOvertaken, 409),
    (TurnFailed, 503),
    (OperationalError, 503),
    (InterfaceError, 503),
)
"""What an exception means to the caller; any other one is a 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error, as it is told.

    `errors` says for a 422 where the request is wrong, `retry_after_s` when it may be sent again, `kind` why the coach
    did not answer.
    """

    status: int
    detail: str = ""
    errors: Sequence[Mapping[str, Any]] | None = None
    retry_after_s: int | None = None
    kind: CoachFailureKind | None = None

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def body(self) -> bytes:
        """The JSON text."""
        fields: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail or DETAILS.get(self.status, f"{self.title}."),
        }
        if self.errors is not None:
            fields["errors"] = list(self.errors)
        if self.kind is not None:
            fields["kind"] = self.kind
        return json.dumps(fields).encode()

    def headers(self) -> dict[str, str]:
        if self.retry_after_s is not None:
            return {"Retry-After": str(self.retry_after_s)}
        return {"WWW-Authenticate": "Bearer"} if self.status == HTTPStatus.UNAUTHORIZED else {}


class Invalid(HttpError):
    """The request is understood and wrong: 422, with the place and the reason."""

    def __init__(self, loc: Sequence[str | int], *reasons: str) -> None:
        super().__init__(422, reasons[0])
        self.errors: list[dict[str, Any]] = [{"loc": list(loc), "msg": reason} for reason in reasons]


def response_to(problem: Problem) -> HttpResponse:
    """The problem as Django answers it."""
    return HttpResponse(
        problem.body(), status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers()
    )


def answer_with_problems(api: NinjaAPI) -> None:
    """Let every exception of the API's views be answered with its problem."""
    for kind in (Exception, HttpError, Http404, ValidationError, AuthenticationError):
        api.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return response_to(problem_of(error))


def problem_of(error: object) -> Problem:
    """The problem that an exception means to the caller. What the caller cannot help is logged."""
    match error:
        case HttpError():
            return _of_http_error(error)
        case ValidationError():
            return _wrong([_fault(found) for found in error.errors[:MAX_ERRORS]])
        case TurnFailed(why=CoachFailed() as why):
            return _of_the_coach(why)
    status = _status_of(error)
    if status == 503 and isinstance(error, DatabaseFault):
        replace_connections(error)
    if status >= 500:
        logger.error("a request failed", exc_info=error if isinstance(error, BaseException) else None)
    return Problem(status=status, detail=str(error) if isinstance(error, HAVE_WORDS) else "")


def _of_the_coach(why: CoachFailed) -> Problem:
    """What the caller cannot help was logged by the coach."""
    wait_s = None if why.retry_after_s is None else ceil(why.retry_after_s)
    return Problem(status=503, detail=why.sentence, retry_after_s=wait_s, kind=why.kind)


def _status_of(error: object) -> int:
    if is_away(error):
        return 503
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def _of_http_error(error: HttpError) -> Problem:
    match error:
        case Invalid():
            return _wrong(error.errors)
        case AuthenticationError():
            return Problem(status=401)
    # Ninja puts its own words over what the parser of the body raised.
    said = error.__cause__ if isinstance(error.__cause__, HttpError) else error
    return Problem(status=said.status_code, detail=str(said))


def _wrong(errors: list[dict[str, Any]]) -> Problem:
    first = errors[0]
    where = ".".join(str(part) for part in first["loc"])
    return Problem(status=422, detail=f"{where}: {first['msg']}", errors=errors)


def _fault(found: Mapping[str, Any]) -> dict[str, Any]:
    """One fault as the caller knows it: without the name of the view's own parameter."""
    source, *path = found["loc"]
    place = [source, *(path[1:] if source == "body" else path)]
    return {"loc": place, "msg": found["msg"].removeprefix("Value error, ")}
