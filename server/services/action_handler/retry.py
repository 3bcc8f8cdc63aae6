"""What the result of an attempt does to its action: pure, no database, no clock."""

from dataclasses import dataclass, replace

from django.db import DataError, OperationalError
from pydantic import ValidationError

from server.enums.action_status import ActionStatus
from server.enums.error_kind import ErrorKind
from server.services.action_handler.outcomes import (
    Applied,
    NoSentenceError,
    Outcome,
    Refusal,
    Rejected,
    Skipped,
)
from server.services.sqlstate import CONTENTION, QUERY_CANCELED, is_away, sqlstate

MESSAGE_LIMIT = 500
FAULT_LIMIT, PLACE_LIMIT = 200, 60
LONGEST_DELAY_S = 600.0
# An action that was granted more attempts than these may itself be the cause: a query that fills the disk takes the
# database away, and a handler may lock in an order of its own.
EXCUSED_LIMIT = 100
CONTENDED_LIMIT = 20
PARKED_RECHECK_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPolicy:
    """How often and how long an action may be tried; set beside its params to differ from these defaults.

    The delay before the next attempt doubles from `backoff_base_s`, with up to half of it as jitter on top, and is at
    most `backoff_cap_s`, which may not exceed `LONGEST_DELAY_S`. `time_limit_s` shortens the system's
    (COACH_ACTION_TIME_LIMIT_S, 30 s), which is the longest that the database's own limits allow; None is the system's.
    """

    max_attempts: int = 5
    backoff_base_s: float = 1.0
    backoff_cap_s: float = 60.0
    time_limit_s: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.backoff_base_s <= self.backoff_cap_s <= LONGEST_DELAY_S:
            raise ValueError(
                f"{self!r}: 0 < backoff_base_s <= backoff_cap_s <= {LONGEST_DELAY_S:g} must hold"
            )
        if self.max_attempts < 1:
            raise ValueError(f"{self!r}: max_attempts must be at least 1")

    def delay_s(self, attempt: int, jitter: float) -> float:
        """Seconds until the attempt after the 1-based `attempt`; `jitter` is from 0 to 1."""
        doubled = self.backoff_base_s * float(2 ** min(attempt - 1, 32))
        return min(self.backoff_cap_s, doubled * (1 + jitter / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The write that an attempt's result leads to. `delay_s` is the wait before the action is due again.

    An attempt that is `excused` uses up none of the action's attempts: it may have one more.
    """

    status: ActionStatus
    result_summary: str = ""
    error_kind: ErrorKind | None = None
    error_message: str = ""
    delay_s: float = 0.0
    excused: bool = False


class TimeLimitExceeded(BaseException):
    """The attempt ran longer than its time limit.

    Not an `Exception`: a handler's own `except Exception` must not swallow it.
    """


class WorkerLost(Exception):
    """The worker that held the action ended, or did not answer, before the attempt did."""


class DatabaseAway(Exception):
    """The database was started anew while the attempt ran."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One row of the table of failures: what an exception means for the action.

    It is excused, and uses up no attempt, until the action was granted `excused_up_to` more than its policy has.
    """

    kind: ErrorKind
    permanent: bool
    message: str
    excused_up_to: int = 0


WAS_AWAY = Failure(
    ErrorKind.EXCEPTION, False, "The database was not available to the attempt", excused_up_to=EXCUSED_LIMIT
)
WAS_CONTENDED = Failure(
    ErrorKind.EXCEPTION,
    False,
    "Another session held what the attempt needed",
    excused_up_to=CONTENDED_LIMIT,
)

FAILURES: tuple[tuple[type[BaseException], Failure], ...] = (
    (
        ValidationError,
        Failure(ErrorKind.INVALID_PARAMS, True, "The parameters do not have the action's shape"),
    ),
    (
        DataError,
        Failure(ErrorKind.INVALID_PARAMS, True, "The database cannot store a value of the parameters"),
    ),
    (TimeLimitExceeded, Failure(ErrorKind.TIME_LIMIT, False, "The attempt took longer than its time limit")),
    (WorkerLost, Failure(ErrorKind.WORKER_LOST, False, "The worker was lost during the attempt")),
    (DatabaseAway, WAS_AWAY),
    # A worker whose handler is mended may do it better.
    (NoSentenceError, Failure(ErrorKind.EXCEPTION, False, "The handler answered with a blank sentence")),
    (
        OperationalError,
        Failure(ErrorKind.EXCEPTION, False, "The database could not do what the attempt asked"),
    ),
    (BaseException, Failure(ErrorKind.EXCEPTION, False, "The attempt ended with an unexpected error")),
)


def decide(
    result: Outcome | BaseException, *, attempt: int, max_attempts: int, policy: AttemptPolicy, jitter: float
) -> Transition:
    """The transition that follows an attempt's outcome, or the exception that ended it.

    `attempt` is 1-based and counts this one; `jitter` is a random number from 0 to 1.
    """
    match result:
        case Applied(summary):
            return Transition(status=ActionStatus.SUCCEEDED, result_summary=summary)
        case Skipped(reason):
            return Transition(status=ActionStatus.SKIPPED, result_summary=reason)
        case Rejected(reason, kind):
            return rejected(reason, kind)
        case Refusal():
            return rejected(result.rejected.reason, result.rejected.kind)
        case BaseException():
            return _after_failure(failure_of(result), attempt, max_attempts, policy, jitter)


def rejected(reason: str, kind: ErrorKind) -> Transition:
    """The action can never succeed."""
    return Transition(
        status=ActionStatus.REJECTED,
        result_summary=reason,
        error_kind=kind,
        error_message=reason[:MESSAGE_LIMIT],
    )


def parked(unknown: str, *, recheck_s: float = PARKED_RECHECK_S) -> Transition:
    """The action waits for a worker that knows what this one does not."""
    reason = f"Waiting for a worker that knows {unknown}."
    return Transition(
        status=ActionStatus.PARKED,
        result_summary=reason,
        error_kind=ErrorKind.UNKNOWN_ACTION,
        error_message=reason,
        delay_s=recheck_s,
    )


def failure_of(error: BaseException) -> Failure:
    """The row of `FAILURES` that an exception falls under."""
    if sqlstate(error) == QUERY_CANCELED:
        return Failure(ErrorKind.TIME_LIMIT, False, "A query of the attempt took longer than its time limit")
    if is_away(error):
        return WAS_AWAY
    if sqlstate(error) in CONTENTION:
        return WAS_CONTENDED
    failure = next(failure for kind, failure in FAILURES if isinstance(error, kind))
    if isinstance(error, ValidationError):
        return replace(failure, message=f"{failure.message}: {_first_fault(error)}")
    return failure


def _first_fault(error: ValidationError) -> str:
    """Where the first fault is and why it is one, in a few words: the place may be a name that somebody made up."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = _clipped(".".join(str(part) for part in first["loc"]), PLACE_LIMIT)
    return _clipped(f"{place}: {first['msg']}" if place else first["msg"], FAULT_LIMIT)


def _clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _after_failure(
    failure: Failure, attempt: int, max_attempts: int, policy: AttemptPolicy, jitter: float
) -> Transition:
    message = f"{failure.message}."
    if failure.permanent:
        return rejected(message, failure.kind)
    granted = max(0, max_attempts - policy.max_attempts)  # for excused attempts, and by operators
    excused = granted < failure.excused_up_to
    if attempt >= max_attempts and not excused:
        return Transition(
            status=ActionStatus.DEAD,
            result_summary=f"Gave up after {attempt} attempts. {message}",
            error_kind=failure.kind,
            error_message=message,
        )
    said = "does not count" if excused else f"of {max_attempts} did not succeed"
    return Transition(
        status=ActionStatus.RETRYING,
        result_summary=f"Attempt {attempt} {said}. {message}",
        error_kind=failure.kind,
        error_message=message,
        delay_s=policy.delay_s(attempt, jitter),
        excused=excused,
    )
