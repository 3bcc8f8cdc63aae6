"""What an error of the call means: what the user is told, and whether another try may help."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from time import time

from httpx2 import ConnectTimeout, PoolTimeout
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from server.enums.coach_failure_kind import CoachFailureKind

REFUSED_CONTENT = frozenset({"content_filter", "content_policy_violation"})
NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
BUSY = frozenset({"rate_limit_exceeded", "rate_limit_error"})

LONGEST_WAIT_S = 24 * 3_600.0


class AnswerBroke(Exception):
    """The answer's stream ended, or could not be read, before the answer was complete."""

    def __str__(self) -> str:
        return str(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`retry_after_s` is how long the server asks to be left alone, where it says so."""

    kind: CoachFailureKind
    may_pass: bool = False
    retry_after_s: float | None = None


TIMEOUT = Fault(kind=CoachFailureKind.TIMEOUT)
REFUSAL = Fault(kind=CoachFailureKind.REFUSAL)
TRUNCATED = Fault(kind=CoachFailureKind.TRUNCATED)
UNAVAILABLE = Fault(kind=CoachFailureKind.UNAVAILABLE)
RATE_LIMIT = Fault(kind=CoachFailureKind.RATE_LIMIT, may_pass=True)
BROKEN_OFF = Fault(kind=CoachFailureKind.UNAVAILABLE, may_pass=True)


def fault_of(error: Exception, *, has_key: bool) -> Fault:
    """What an error of the call means. The order of the cases matters: a time-out is a connection error too."""
    fault = UNAVAILABLE
    match error:
        case APITimeoutError() if isinstance(error.__cause__, ConnectTimeout | PoolTimeout):
            fault = BROKEN_OFF
        case APITimeoutError():
            fault = TIMEOUT
        case APIConnectionError() | AnswerBroke():
            fault = BROKEN_OFF
        case APIStatusError():
            fault = _of_status(error, has_key=has_key)
        case APIError():
            fault = _of_code(error)
    return fault


def _of_status(error: APIStatusError, *, has_key: bool) -> Fault:
    fault = _of_code(error) if error.status_code in {400, 429} else UNAVAILABLE
    match error.status_code:
        case 401 | 403:
            fault = Fault(kind=CoachFailureKind.WRONG_KEY if has_key else CoachFailureKind.NO_KEY)
        case 301 | 302 | 303 | 307 | 308 | 404:  # what the user said goes to no other server
            fault = Fault(kind=CoachFailureKind.WRONG_MODEL)
        case 400:
            fault = replace(fault, may_pass=False)
        case 429 if error.code not in NO_CREDIT:
            fault = RATE_LIMIT
        case status if status in {408, 409} or status >= 500:
            fault = BROKEN_OFF
    return replace(fault, retry_after_s=retry_after_s(error.response.headers)) if fault.may_pass else fault


def _of_code(error: APIError) -> Fault:
    """What is told in the middle of an answer, or the code beside a status that says too little."""
    if error.code in REFUSED_CONTENT:
        return REFUSAL
    if error.code in NO_CREDIT:
        return UNAVAILABLE
    return RATE_LIMIT if {error.code, error.type} & BUSY else BROKEN_OFF


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long `retry-after-ms` or `Retry-After` (seconds, or a date) asks to wait; None where they do not say.

    What asks for more than `LONGEST_WAIT_S` says as little.
    """
    told = headers.get("retry-after")
    seconds = _number(headers.get("retry-after-ms"), 1_000) or _number(told, 1) or _until(told)
    return seconds if seconds is not None and seconds <= LONGEST_WAIT_S else None


def _number(text: str | None, divisor: int) -> float | None:
    try:
        seconds = float(text or "") / divisor
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _until(date: str | None) -> float | None:
    try:
        seconds = parsedate_to_datetime(date or "").timestamp() - time()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None
