"""What each error of the call means, as a table."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from server.enums.coach_failure_kind import CoachFailureKind as Kind
from server.services.coach.model_coach.fault import AnswerBroke, Fault, fault_of, retry_after_s

REQUEST = httpx2.Request("POST", "http://localhost/v1/chat/completions")


def status(number: int, code: str | None = None, **headers: str) -> APIStatusError:
    response = httpx2.Response(number, request=REQUEST, headers=headers)
    return APIStatusError("no", response=response, body={"code": code, "type": None})


def told(**body: Any) -> APIError:
    """An error that is told in the middle of an answer."""
    return APIError("no", REQUEST, body=body)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (status(400), Fault(kind=Kind.UNAVAILABLE)),
        (status(400, "context_length_exceeded"), Fault(kind=Kind.UNAVAILABLE)),
        (status(400, "content_filter"), Fault(kind=Kind.REFUSAL)),
        (status(401), Fault(kind=Kind.WRONG_KEY)),
        (status(403), Fault(kind=Kind.WRONG_KEY)),
        (status(404), Fault(kind=Kind.WRONG_MODEL)),
        (status(408), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (status(409), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (status(422), Fault(kind=Kind.UNAVAILABLE)),
        (status(429), Fault(kind=Kind.RATE_LIMIT, may_pass=True)),
        (status(429, **{"retry-after": "7"}), Fault(kind=Kind.RATE_LIMIT, may_pass=True, retry_after_s=7.0)),
        (status(429, "insufficient_quota", **{"retry-after": "7"}), Fault(kind=Kind.UNAVAILABLE)),
        (status(500), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (
            status(503, **{"retry-after": "2"}),
            Fault(kind=Kind.UNAVAILABLE, may_pass=True, retry_after_s=2.0),
        ),
        (told(code="server_error", type="server_error"), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (told(code="rate_limit_exceeded"), Fault(kind=Kind.RATE_LIMIT, may_pass=True)),
        (told(code=None, type="rate_limit_error"), Fault(kind=Kind.RATE_LIMIT, may_pass=True)),
        (told(code="insufficient_quota"), Fault(kind=Kind.UNAVAILABLE)),
        (told(code="content_filter"), Fault(kind=Kind.REFUSAL)),
        (APIConnectionError(request=REQUEST), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (AnswerBroke(), Fault(kind=Kind.UNAVAILABLE, may_pass=True)),
        (APITimeoutError(REQUEST), Fault(kind=Kind.TIMEOUT)),
        (caused(APITimeoutError(REQUEST), httpx2.ReadTimeout("")), Fault(kind=Kind.TIMEOUT)),
        (
            caused(APITimeoutError(REQUEST), httpx2.ConnectTimeout("")),
            Fault(kind=Kind.UNAVAILABLE, may_pass=True),
        ),
        (RuntimeError(), Fault(kind=Kind.UNAVAILABLE)),
    ],
    ids=repr,
)
def test_what_an_error_means(error: Exception, fault: Fault) -> None:
    assert fault_of(error, has_key=True) == fault


def test_not_let_in_without_a_key_is_no_key() -> None:
    assert fault_of(status(401), has_key=False) == Fault(kind=Kind.NO_KEY)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "20", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "20", "retry-after-ms": "soon"}, 20.0),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_how_long_to_wait_as_a_date() -> None:
    wait_s = retry_after_s({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=90))})
    assert wait_s is not None
    assert 80 < wait_s <= 90
