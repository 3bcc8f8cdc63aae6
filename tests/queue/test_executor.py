"""What the executor makes of a handler that breaks its contract, and of one that fails."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind
from server.enums.queue_name import QueueName
from server.services.action_handler import handler
from server.services.action_handler.handler import TRACEBACK_LIMIT, apply_action
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.action_handler.outcomes import Rejected, Skipped
from server.services.action_handler.retry import TimeLimitExceeded
from server.testing.expect import told
from server.testing.perform import drain, perform_action
from tests.conftest import MakeUser
from tests.queue.conftest import note

Break = Callable[[Callable[[CoachState], Any]], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Puts a function in the place of the handler of `add_user_note`."""

    def put(function: Callable[[CoachState], Any]) -> None:
        faulty = {ActionType.ADD_USER_NOTE: lambda coach_state, *_: function(coach_state)}
        monkeypatch.setattr(handler, "ACTION_HANDLERS", {**handler.ACTION_HANDLERS, **faulty})

    return put


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Skipped("Nothing to do."), "skipped"), (Rejected("Never.", ErrorKind.CONFLICT), "rejected")],
)
def test_what_a_handler_wrote_is_undone_where_it_answers_that_nothing_changed(
    user: User, broken: Break, outcome: Any, status: str
) -> None:
    def writes(coach_state: CoachState) -> Any:
        UserNote.objects.create(user_id=coach_state.user_id, note="half done")
        return outcome

    broken(writes)
    action = note(user)
    drain(user)
    action.refresh_from_db()
    assert action.status == status
    assert not UserNote.objects.filter(user=user).exists()
    assert told(user) == [status]


def test_a_handler_that_answers_nothing_is_a_failed_attempt(user: User, broken: Break) -> None:
    def answers_nothing(coach_state: CoachState) -> Any:
        UserNote.objects.create(user_id=coach_state.user_id, note="half done")

    broken(answers_nothing)
    action = note(user)
    drain(user)
    action.refresh_from_db()
    assert (action.status, action.attempt, action.error_kind) == ("retrying", 1, "exception")
    assert "answered None" in action.traceback
    assert not UserNote.objects.filter(user=user).exists()


def test_an_action_that_always_fails_is_dead_after_its_attempts_and_the_lane_goes_on(
    user: User, broken: Break
) -> None:
    def fails(coach_state: CoachState) -> Any:
        raise LookupError("no such thing")

    broken(fails)
    first, second = note(user, "one"), note(user, "two")
    for _ in range(5):
        Action.objects.filter(pk=first.pk).update(due_at="2000-01-01T00:00Z")
        assert handler.apply_action(second.id) is None, "the retrying action holds its lane"
        handler.apply_action(first.id)
    first.refresh_from_db()
    assert (first.status, first.attempt) == ("dead", 5)
    assert told(user) == ["retrying"] * 4 + ["dead"]
    attempt = handler.apply_action(second.id)
    assert attempt is not None
    assert attempt.moved.status == "retrying"


def test_a_time_that_was_told_before_the_clock_was_set_back_holds_no_lane(user: User) -> None:
    action = note(user)
    Action.objects.filter(pk=action.pk).update(due_at="2100-01-01T00:00Z", published_at="2100-01-01T00:00Z")
    assert action.id in {
        ref.id for ref in Action.objects.take_unpublished(oldest_queued={}, grace_s=2, limit=500)
    }
    Action.objects.filter(pk=action.pk).update(status="retrying")
    run = handler.apply_action(action.id)
    assert run is not None
    assert run.moved.status == "succeeded"


def test_while_the_oldest_message_tells_no_age_nothing_is_taken_for_lost(user: User) -> None:
    action = note(user)
    Action.objects.filter(pk=action.pk).update(published_at="2000-01-01T00:00Z")

    def taken(oldest_queued: UUID | None) -> bool:
        refs = Action.objects.take_unpublished(
            oldest_queued={QueueName.ACTIONS: oldest_queued}, grace_s=2, limit=500
        )
        return action.id in {ref.id for ref in refs}

    assert not taken(uuid4())
    assert taken(None)


def test_a_time_limit_that_strikes_inside_of_djangos_own_code_leaves_the_process_fit_for_the_next(
    make_user: MakeUser,
) -> None:
    def apply(number: int) -> bool:
        """Apply an action; the limit strikes at the line of that number. Whether there were so many."""
        action = note(make_user())
        with struck(transaction.__file__, number) as strike, suppress(BaseException):
            apply_action(action.id)
        return strike.happened

    number = 0
    while apply(number := number + 1):
        assert perform_action(AddUserNoteParams(note="next")).status == "succeeded", f"after line {number}"
    assert number > 20


class Strike:
    def __init__(self, file: str, number: int) -> None:
        self._file = file
        self._left = number
        self.happened = False

    def see(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        if event == "line":
            self._left -= 1
            if self._left == 0:
                self.happened = True
                raise TimeLimitExceeded
        return self.see


@contextmanager
def struck(file: str, number: int) -> Iterator[Strike]:
    """`TimeLimitExceeded` is raised at the `number`-th line that is run of `file`, as a signal would raise it."""
    strike = Strike(file, number)
    before = sys.gettrace()
    sys.settrace(strike.see)
    try:
        yield strike
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("text", ["a\0b", "half a \ud800", "x" * 1_000_000])
def test_an_error_whose_words_cannot_be_stored_is_told_all_the_same(
    user: User, broken: Break, text: str
) -> None:
    def fails(coach_state: CoachState) -> Any:
        raise LookupError(text)

    broken(fails)
    action = note(user)
    drain(user)
    action.refresh_from_db()
    assert (action.status, action.error_kind) == ("retrying", "exception")
    assert action.traceback
    assert len(action.traceback) <= TRACEBACK_LIMIT


def test_an_action_of_a_phase_that_is_unknown_here_is_parked_until_it_is_known(user: User) -> None:
    action = note(user)
    message = ChatMessage.objects.filter(actions=action)
    phase = message.get().phase
    message.update(phase="sleep")
    apply_action(action.id)
    action.refresh_from_db()
    assert (action.status, action.attempt) == ("parked", 0)
    assert action.result_summary == "Waiting for a worker that knows the phase 'sleep'."
    message.update(phase=phase)
    Action.objects.filter(pk=action.pk).update(due_at=database_now())
    drain(user)
    assert told(user) == ["parked", "succeeded"]
