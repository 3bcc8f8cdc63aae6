"""The executor: what happens to an action when its turn has come."""

import logging
import random
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError, connection, transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import Claimed, Lost, Moved, database_restarted_under
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.session import leave_session
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.handlers import Handler, load_handlers
from server.services.action_handler.models.actions import ACTION_PARAMS, known, policy_of
from server.services.action_handler.outcomes import Applied, Outcome, Refusal, Rejected, Skipped, not_allowed
from server.services.action_handler.retry import (
    AttemptPolicy,
    DatabaseAway,
    TimeLimitExceeded,
    Transition,
    WorkerLost,
    decide,
    parked,
)
from server.services.action_handler.time_limit import LEASE_GRACE_S, time_limit
from server.services.crash_points import CrashPoint, reach
from server.services.prompt_manager.phases import is_allowed
from server.services.sqlstate import is_away, is_read_only, sqlstate

logger = logging.getLogger(__name__)

TRACEBACK_LIMIT = 20_000
"""Characters that are kept of a traceback."""

END_PATIENCE_S = 5.0
END_PAUSE_S = 0.2
"""How long, and how often, it is tried to write down that an attempt failed where the database takes no writes."""

PHASES = frozenset(phase.value for phase in CoachingPhase)
PHASE_RECHECK_S = 30.0
"""A worker cannot be asked which phases it knows: it is tried, and each time the user is told."""

ACTION_HANDLERS: Mapping[ActionType, Handler] = load_handlers("server.services.action_handler.actions")
"""The handler of each action, in canonical order. Derived from its file: nothing to add here for a new action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one attempt: the write it led to, and the error that ended it, if one did.

    `moved.due` is the lane's next action, marked as published: the caller sends it.
    """

    moved: Moved
    summary: str
    error: BaseException | None = None


class Superseded(Exception):
    """The attempt is no longer the running one: its lease was over and it was given up. Nothing may be committed."""


def apply_action(action_id: UUID) -> Attempt | None:
    """Run one attempt of an action, if it is its turn.

    None when there is nothing to do: the action is gone, has ended, is running elsewhere, or is not due yet.
    """
    reach(CrashPoint.BEFORE_CLAIM)
    try:
        claimed = _claim(action_id)
        return _apply(claimed) if claimed else None
    except BaseException:
        leave_session()  # the relay finds an attempt whose session is gone, and gives it up at its next sweep
        raise


def apply_actions(action_ids: Iterable[UUID]) -> list[Attempt | None]:
    """Apply actions one after the other, in this process. Nothing to add here for a new action: there are no cases."""
    return [apply_action(action_id) for action_id in action_ids]


def give_up_lost(lost: Lost, *, database_was_away: bool = False) -> Moved | None:
    """Decide what becomes of an action whose worker was lost, or whose attempt outlived its lease.

    `database_was_away` where it took no writes after the attempt had begun.
    """
    error = DatabaseAway() if database_was_away else _why_lost(lost)
    transition = _decide(error, lost.action_type, lost.attempt, lost.max_attempts)
    return Action.objects.finish(lost, transition)


def lease_s() -> float:
    """How long a claim holds: the longest that any action may take, and time to write the outcome."""
    longest: float = settings.ACTION_TIME_LIMIT_S
    return longest + LEASE_GRACE_S


def _why_lost(lost: Lost) -> BaseException:
    if lost.database_restarted:
        return DatabaseAway()
    return TimeLimitExceeded() if lost.lease_expired else WorkerLost()


def _apply(claimed: Claimed) -> Attempt | None:
    reach(CrashPoint.AFTER_CLAIM, claimed.action_type)
    try:
        attempt = _attempt(claimed)
        reach(CrashPoint.AFTER_COMMIT, claimed.action_type)
        return attempt
    except Superseded:
        logger.warning(
            "attempt %s of action %s was superseded and changed nothing (or the answer to its commit was lost)",
            claimed.attempt,
            claimed.id,
        )
        return None


def _claim(action_id: UUID) -> Claimed | None:
    """Claim by a new connection where the old one broke while it was idle, or takes no writes any more.

    The database may have been restarted, or another server may have taken its place.
    """
    try:
        return Action.objects.claim(action_id, lease_s=lease_s())
    except DatabaseFault as error:
        if _can_go_on(error):
            raise
        leave_session()
        return Action.objects.claim(action_id, lease_s=lease_s())


def _attempt(claimed: Claimed) -> Attempt:
    if known(claimed.action_type, claimed.params_version) is None:
        return _end(claimed, parked(f"the action {claimed.action_type!r}, version {claimed.params_version}"))
    if claimed.phase not in PHASES:
        return _end(claimed, parked(f"the phase {claimed.phase!r}", recheck_s=PHASE_RECHECK_S))
    try:
        with time_limit(_time_limit_s(policy_of(claimed.action_type))), transaction.atomic():
            outcome, wrote = _perform(claimed)
            if isinstance(outcome, Applied) or not wrote:
                attempt = _end(claimed, _decided(outcome, claimed))
                reach(CrashPoint.BEFORE_COMMIT, claimed.action_type)
                return attempt
            transaction.set_rollback(True)
    except Superseded:
        raise
    except (Exception, TimeLimitExceeded) as error:
        return _fail(claimed, error)
    return _end(claimed, _decided(outcome, claimed))


def _perform(claimed: Claimed) -> tuple[Outcome, bool]:
    """The effect: the handler changes the locked state. The outcome, and whether anything was written.

    Raises whatever the handler raises.
    """
    coach_state = CoachState.objects.locked(claimed.user_id)
    writes = Writes()
    with connection.execute_wrapper(writes):
        try:
            outcome = _handle(claimed, coach_state)
        except Refusal as refusal:
            outcome = refusal.rejected
    return outcome, writes.seen


class Writes:
    """Sees whether a statement that passes by is one that writes.

    An outcome that changes nothing needs no rollback where nothing was written, and a rollback makes psycopg forget the
    statements that it has prepared.
    """

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.seen = self.seen or not sql.startswith("SELECT")
        return execute(sql, *rest)


def _handle(claimed: Claimed, coach_state: CoachState) -> Outcome:
    action_type, phase = ActionType(claimed.action_type), CoachingPhase(claimed.phase)
    if not is_allowed(action_type, phase):
        return not_allowed(action_type, phase)
    params = ACTION_PARAMS[action_type].model_validate(claimed.parameters).cleaned()
    reach(CrashPoint.IN_HANDLER, action_type)
    outcome = ACTION_HANDLERS[action_type](coach_state, params, _coach_message(claimed))
    reach(CrashPoint.AFTER_EFFECT, action_type)
    if not isinstance(outcome, Applied | Skipped | Rejected):
        raise TypeError(f"the handler of {action_type.value!r} answered {outcome!r}: answer an Outcome")
    return outcome


def _fail(claimed: Claimed, error: BaseException) -> Attempt:
    """Write down that the attempt failed: where the database takes no writes, when it does again, if that is soon.

    After `END_PATIENCE_S` it is left to the relay, which sees the session's end. Raises `DatabaseFault` then.
    """
    deadline, in_the_way = time.monotonic() + END_PATIENCE_S, error
    while True:
        if not _can_go_on(in_the_way):
            leave_session()
        try:
            transition = _decided(_cause(error, claimed), claimed)
            return _end(claimed, transition, error=error, trace=_trace(error))
        except DatabaseFault as fault:
            if not _is_passing(fault) or time.monotonic() >= deadline:
                raise
            in_the_way = fault
        time.sleep(END_PAUSE_S)


def _is_passing(fault: DatabaseFault) -> bool:
    """Whether the same may work in a moment: the database is away, or the connection broke without a word."""
    return is_away(fault) or not sqlstate(fault)


def _trace(error: BaseException) -> str:
    """Its end, in characters that PostgreSQL can store: whatever an error says, it may not hide that it happened."""
    said = "".join(traceback.format_exception(error)).replace("\0", "\\0")
    return said.encode("utf-8", "backslashreplace").decode()[-TRACEBACK_LIMIT:]


def _can_go_on(error: BaseException) -> bool:
    """Whether the session is fit for more. It is kept where it is: the relay takes an attempt without one for lost."""
    if isinstance(error, TimeLimitExceeded):
        return False  # it may be in the middle of a query
    # Where no writes are taken, another server may take them.
    return not isinstance(error, DatabaseFault) or (not is_read_only(error) and connection.is_usable())


def _cause(error: BaseException, claimed: Claimed) -> BaseException:
    """A connection may break without a word: where the database was started anew, that was why."""
    may_be = isinstance(error, InterfaceError | OperationalError)
    return DatabaseAway() if may_be and database_restarted_under(claimed) else error


def _end(
    claimed: Claimed, transition: Transition, *, error: BaseException | None = None, trace: str = ""
) -> Attempt:
    moved = Action.objects.finish(claimed, transition, traceback=trace)
    if moved is None:
        raise Superseded
    return Attempt(moved=moved, summary=transition.result_summary, error=error)


def _decided(result: Outcome | BaseException, claimed: Claimed) -> Transition:
    return _decide(result, claimed.action_type, claimed.attempt, claimed.max_attempts)


def _decide(result: Outcome | BaseException, action_type: str, attempt: int, max_attempts: int) -> Transition:
    policy = policy_of(action_type)
    return decide(result, attempt=attempt, max_attempts=max_attempts, policy=policy, jitter=random.random())


def _coach_message(claimed: Claimed) -> ChatMessage | None:
    """The message as a handler sees it; what was not read with the claim is read when asked for."""
    if claimed.coach_message_id is None:
        return None
    fields = ["id", "user_id", "phase"]
    return ChatMessage.from_db("default", fields, [claimed.coach_message_id, claimed.user_id, claimed.phase])


def _time_limit_s(policy: AttemptPolicy) -> float:
    longest: float = settings.ACTION_TIME_LIMIT_S
    return min(policy.time_limit_s or longest, longest)
