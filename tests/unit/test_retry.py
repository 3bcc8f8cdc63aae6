"""What the result of an attempt does to its action: the decision as a table."""

from typing import Any

import psycopg
import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.enums.action_status import ActionStatus
from server.enums.error_kind import ErrorKind
from server.services.action_handler.models.params import TransitionPhaseParams
from server.services.action_handler.outcomes import (
    Applied,
    NoSentenceError,
    Outcome,
    Refusal,
    Rejected,
    Skipped,
)
from server.services.action_handler.retry import (
    CONTENDED_LIMIT,
    EXCUSED_LIMIT,
    FAULT_LIMIT,
    MESSAGE_LIMIT,
    PARKED_RECHECK_S,
    AttemptPolicy,
    DatabaseAway,
    TimeLimitExceeded,
    Transition,
    WorkerLost,
    decide,
    failure_of,
    parked,
)

A = ActionStatus
K = ErrorKind
LAST = 5


def a_validation_error(params: dict[str, object]) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TransitionPhaseParams.model_validate(params)
    return caught.value


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def decided(result: Outcome | BaseException, attempt: int, max_attempts: int = LAST) -> Transition:
    return decide(result, attempt=attempt, max_attempts=max_attempts, policy=AttemptPolicy(), jitter=0.0)


OUTCOMES: list[tuple[Outcome | BaseException, Transition]] = [
    (Applied("Done."), Transition(status=A.SUCCEEDED, result_summary="Done.")),
    (Skipped("Nothing to do."), Transition(status=A.SKIPPED, result_summary="Nothing to do.")),
    (
        Rejected("Never."),
        Transition(
            status=A.REJECTED, result_summary="Never.", error_kind=K.INVALID_PARAMS, error_message="Never."
        ),
    ),
    (
        Rejected("Taken.", K.CONFLICT),
        Transition(status=A.REJECTED, result_summary="Taken.", error_kind=K.CONFLICT, error_message="Taken."),
    ),
    (
        Refusal("Not yours.", K.NOT_FOUND),
        Transition(
            status=A.REJECTED, result_summary="Not yours.", error_kind=K.NOT_FOUND, error_message="Not yours."
        ),
    ),
]

NO_SHAPE = "The parameters do not have the action's shape"

PERMANENT: list[tuple[BaseException, ErrorKind, str]] = [
    (a_validation_error({}), K.INVALID_PARAMS, f"{NO_SHAPE}: to_phase: Field required."),
    (DataError("bad"), K.INVALID_PARAMS, "The database cannot store a value of the parameters."),
]

NOT_DONE = "The database could not do what the attempt asked."
UNEXPECTED = "The attempt ended with an unexpected error."
SLOW_QUERY = "A query of the attempt took longer than its time limit."

TRANSIENT: list[tuple[BaseException, ErrorKind, str]] = [
    (TimeLimitExceeded(), K.TIME_LIMIT, "The attempt took longer than its time limit."),
    (WorkerLost(), K.WORKER_LOST, "The worker was lost during the attempt."),
    (NoSentenceError("blank"), K.EXCEPTION, "The handler answered with a blank sentence."),
    (OperationalError("gone away"), K.EXCEPTION, NOT_DONE),
    (caused_by(OperationalError("slow"), psycopg.errors.QueryCanceled()), K.TIME_LIMIT, SLOW_QUERY),
    (
        caused_by(OperationalError("files"), psycopg.errors.ConfigurationLimitExceeded()),
        K.EXCEPTION,
        NOT_DONE,
    ),
    (
        caused_by(OperationalError("cut"), psycopg.OperationalError("the server closed it")),
        K.EXCEPTION,
        NOT_DONE,
    ),
    (IntegrityError("twice"), K.EXCEPTION, UNEXPECTED),
    (InterfaceError("closed"), K.EXCEPTION, UNEXPECTED),
    (ProgrammingError("no such column"), K.EXCEPTION, UNEXPECTED),
    (DatabaseError("?"), K.EXCEPTION, UNEXPECTED),
    (ValueError("a bug"), K.EXCEPTION, UNEXPECTED),
    (TypeError("a bug"), K.EXCEPTION, UNEXPECTED),
    (MemoryError(), K.EXCEPTION, UNEXPECTED),
    (caused_by(RuntimeError("a bug"), ValueError("deeper")), K.EXCEPTION, UNEXPECTED),
]

E = psycopg.errors
AWAY: list[BaseException] = [
    DatabaseAway(),
    caused_by(OperationalError("stopped"), E.AdminShutdown()),
    caused_by(OperationalError("crashed"), E.CrashShutdown()),
    caused_by(OperationalError("starts"), E.CannotConnectNow()),
    caused_by(InternalError("takes no writes"), E.ReadOnlySqlTransaction()),
    caused_by(OperationalError("full"), E.DiskFull()),
    caused_by(OperationalError("no memory"), E.OutOfMemory()),
    caused_by(OperationalError("crowded"), E.TooManyConnections()),
    caused_by(OperationalError("cut"), E.ConnectionFailure()),
]
"""What was not the action's fault."""

CONTENDED: list[BaseException] = [
    caused_by(OperationalError("deadlock"), E.DeadlockDetected()),
    caused_by(OperationalError("lock"), E.LockNotAvailable()),
    caused_by(OperationalError("serial"), E.SerializationFailure()),
]
"""What another session was in the way of."""


def of_error(row: Any) -> str:
    return repr(row)[:60] if isinstance(row, BaseException) else ""


@pytest.mark.parametrize("attempt", [1, LAST])
@pytest.mark.parametrize(("result", "transition"), OUTCOMES, ids=lambda value: type(value).__name__)
def test_an_outcome_ends_the_action_on_any_attempt(
    result: Outcome | BaseException, transition: Transition, attempt: int
) -> None:
    assert decided(result, attempt) == transition


@pytest.mark.parametrize("attempt", range(1, LAST + 1))
@pytest.mark.parametrize(("error", "kind", "message"), PERMANENT, ids=of_error)
def test_a_permanent_failure_rejects_on_any_attempt(
    error: BaseException, kind: ErrorKind, message: str, attempt: int
) -> None:
    assert decided(error, attempt) == Transition(
        status=A.REJECTED, result_summary=message, error_kind=kind, error_message=message
    )


@pytest.mark.parametrize(("attempt", "delay_s"), [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0)])
@pytest.mark.parametrize(("error", "kind", "message"), TRANSIENT, ids=of_error)
def test_a_transient_failure_is_tried_again(
    error: BaseException, kind: ErrorKind, message: str, attempt: int, delay_s: float
) -> None:
    assert decided(error, attempt) == Transition(
        status=A.RETRYING,
        result_summary=f"Attempt {attempt} of 5 did not succeed. {message}",
        error_kind=kind,
        error_message=message,
        delay_s=delay_s,
    )


@pytest.mark.parametrize("attempt", [LAST, LAST + 1])
@pytest.mark.parametrize(("error", "kind", "message"), TRANSIENT, ids=of_error)
def test_a_transient_failure_of_the_last_attempt_ends_dead(
    error: BaseException, kind: ErrorKind, message: str, attempt: int
) -> None:
    assert decided(error, attempt) == Transition(
        status=A.DEAD,
        result_summary=f"Gave up after {attempt} attempts. {message}",
        error_kind=kind,
        error_message=message,
    )


WAS_AWAY = "The database was not available to the attempt."
WAS_CONTENDED = "Another session held what the attempt needed."


@pytest.mark.parametrize("attempt", [1, LAST, LAST + 100])
@pytest.mark.parametrize(
    ("error", "message"),
    [*((error, WAS_AWAY) for error in AWAY), *((error, WAS_CONTENDED) for error in CONTENDED)],
    ids=of_error,
)
def test_an_attempt_that_others_were_in_the_way_of_is_tried_again_and_does_not_count(
    error: BaseException, message: str, attempt: int
) -> None:
    assert decided(error, attempt) == Transition(
        status=A.RETRYING,
        result_summary=f"Attempt {attempt} does not count. {message}",
        error_kind=K.EXCEPTION,
        error_message=message,
        delay_s=AttemptPolicy().delay_s(attempt, 0.0),
        excused=True,
    )


@pytest.mark.parametrize("max_attempts", [1, LAST, LAST + 1])
@pytest.mark.parametrize("error", [error for error, *_ in TRANSIENT + PERMANENT], ids=of_error)
def test_every_other_failure_counts(error: BaseException, max_attempts: int) -> None:
    assert not decided(error, 1, max_attempts).excused


@pytest.mark.parametrize(
    ("error", "limit"),
    [*((error, EXCUSED_LIMIT) for error in AWAY), *((error, CONTENDED_LIMIT) for error in CONTENDED)],
    ids=of_error,
)
def test_an_action_is_excused_so_often_and_no_more(error: BaseException, limit: int) -> None:
    assert decided(error, 1, LAST + limit - 1).excused
    assert not decided(error, 1, LAST + limit).excused


@pytest.mark.parametrize(
    "params",
    [{"to_phase": "nowhere"}, {"to_phase": ["x" * 9_000]}, {"to_phase": "introduction", "x" * 9_000: 1}],
    ids=["not a phase", "a long value", "a long name"],
)
def test_the_reason_of_wrong_params_names_the_field_in_few_words(params: dict[str, object]) -> None:
    reason = decided(a_validation_error(params), 1).error_message
    first = next(iter(params)) if len(params) == 1 else "x" * 50
    assert reason.startswith(f"{NO_SHAPE}: {first}")
    assert ": Input should be" in reason or "Extra inputs are not permitted" in reason
    assert len(reason) <= len(f"{NO_SHAPE}: .") + FAULT_LIMIT


def test_the_kept_message_of_a_rejection_is_short() -> None:
    transition = decided(Rejected("x" * 10_000), 1)
    assert len(transition.error_message) == MESSAGE_LIMIT


def test_no_failure_tells_a_user_what_went_wrong_inside() -> None:
    inside = "relation actions does not exist"
    for error in (ValueError(inside), OperationalError(inside), DataError(inside), IntegrityError(inside)):
        assert inside not in repr(decided(error, 1))


def test_a_time_limit_is_not_swallowed_by_a_handlers_own_except() -> None:
    assert not issubclass(TimeLimitExceeded, Exception)


def test_an_unknown_action_is_parked_and_looked_at_again() -> None:
    reason = "Waiting for a worker that knows the action 'sing', version 2."
    assert parked("the action 'sing', version 2") == Transition(
        status=A.PARKED,
        result_summary=reason,
        error_kind=K.UNKNOWN_ACTION,
        error_message=reason,
        delay_s=PARKED_RECHECK_S,
    )


@pytest.mark.parametrize("error", [error for error, *_ in TRANSIENT + PERMANENT], ids=of_error)
def test_every_failure_has_a_kind_and_a_message_without_its_full_stop(error: BaseException) -> None:
    failure = failure_of(error)
    assert failure.kind in ErrorKind
    assert failure.message[0].isupper()
    assert not failure.message.endswith(".")


ATTEMPTS = st.integers(min_value=1, max_value=10_000)
JITTER = st.floats(min_value=0, max_value=1)


@given(attempt=ATTEMPTS, jitter=JITTER)
def test_the_back_off_lies_between_its_bounds(attempt: int, jitter: float) -> None:
    assert 1.0 <= AttemptPolicy().delay_s(attempt, jitter) <= 60.0


@given(attempt=ATTEMPTS, jitter=JITTER)
def test_the_back_off_never_falls_and_jitter_only_lengthens_it(attempt: int, jitter: float) -> None:
    policy = AttemptPolicy()
    assert (
        policy.delay_s(attempt, 0) <= policy.delay_s(attempt, jitter) <= policy.delay_s(attempt + 1, jitter)
    )


@pytest.mark.parametrize(
    ("attempt", "shortest", "longest"),
    [
        (1, 1, 1.5),
        (2, 2, 3),
        (3, 4, 6),
        (4, 8, 12),
        (5, 16, 24),
        (6, 32, 48),
        (7, 60, 60),
        (1_000_000, 60, 60),
    ],
)
def test_the_back_off_doubles_up_to_its_cap(attempt: int, shortest: float, longest: float) -> None:
    policy = AttemptPolicy()
    assert (policy.delay_s(attempt, 0.0), policy.delay_s(attempt, 1.0)) == (shortest, longest)


def test_a_policy_of_its_own() -> None:
    policy = AttemptPolicy(backoff_base_s=0.5, backoff_cap_s=3)
    assert [policy.delay_s(attempt, 0.0) for attempt in range(1, 6)] == [0.5, 1, 2, 3, 3]
