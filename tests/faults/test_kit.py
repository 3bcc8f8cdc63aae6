"""The fault kit: what it lets go wrong, what it says, and that the product knows nothing of it."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pydantic import ValidationError

from server.apps.chat_messages.models import ChatMessage
from server.apps.events.models import Event, EventStream
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.params import (
    AddUserNoteParams,
    CreateIdentityParams,
    UpdateUserNoteParams,
)
from server.services.crash_points import POINTS_OF_AN_ACTION, CrashPoint, arm, reach
from server.testing.expect import assert_actions, assert_told
from server.testing.faults import Fault, InjectedFault, environment_of, inject
from server.testing.perform import drain, perform_action
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import StartRole, attempts_of, is_running, note, wait_for_lane
from workers.relay import Relay

BAD_SPECS = {
    "point": ({"point": "after_lunch"}, "after_claim"),
    "do": ({"do": "explode"}, "'explode' is none of exit, kill, raise, stop, sleep:SECONDS"),
    "seconds": ({"do": "sleep:long"}, "'sleep:long' does not say how many seconds"),
    "module": ({"do": "tests.faults.nowhere:leave"}, "No module named 'tests.faults.nowhere'"),
    "function": ({"do": "tests.faults.deeds:dance"}, "'tests.faults.deeds' has no 'dance'"),
    "on": ({"on": 0}, "greater than or equal to 1"),
    "chance": ({"chance": 1.5}, "less than or equal to 1"),
    "action_type": ({"action_type": "sing_a_song"}, "'sing_a_song'"),
    "place": ({"point": "before_claim", "action_type": "add_user_note"}, "'before_claim' it is not known"),
    "extra": ({"when": "now"}, "when"),
}


RAISED_AT = {
    CrashPoint.BEFORE_CLAIM: 1,
    CrashPoint.AFTER_CLAIM: 2,
    CrashPoint.IN_HANDLER: 2,
    CrashPoint.AFTER_EFFECT: 2,
    CrashPoint.BEFORE_COMMIT: 2,
    CrashPoint.AFTER_COMMIT: 1,
}
"""The points inside of the executor, and the attempts that an action takes that meets an error there."""


@pytest.mark.parametrize(("spec", "message"), BAD_SPECS.values(), ids=BAD_SPECS)
def test_a_fault_that_stands_for_nothing_says_so(spec: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Fault.model_validate({"point": "after_claim", "do": "raise"} | spec)
    assert message in str(error.value)


def test_a_role_with_faults_that_cannot_be_read_says_which_and_does_not_start() -> None:
    done = run_testing('[{"point": "after_claim", "do": "explode"}]')
    assert done.returncode == 2
    assert done.stderr.startswith("coach: COACH_FAULTS cannot be used")
    assert "'explode' is none of" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_deed_whose_module_needs_django_says_so_where_django_is_not_ready() -> None:
    done = run_testing('[{"point": "after_claim", "do": "server.testing.perform:drain"}]')
    assert done.returncode == 2
    assert "its module may not import Django models" in done.stderr


@pytest.mark.parametrize("do", ["kill", "stop", "exit"])
def test_a_test_cannot_end_itself_by_accident(do: str) -> None:
    with (
        pytest.raises(ValueError, match="would hit the test itself"),
        inject(Fault(point=CrashPoint.AFTER_CLAIM, do=do)),
    ):
        pass


def test_a_fault_happens_when_its_point_is_reached_for_the_nth_time_and_only_then() -> None:
    with inject(raising(on=2)):
        assert struck(5) == [False, True, False, False, False]


def test_a_fault_may_happen_every_time_or_by_chance() -> None:
    with inject(raising(on=None)):
        assert struck(3) == [True] * 3
    with inject(raising(on=None, chance=0.5)):
        assert set(struck(100)) == {True, False}


def test_a_fault_may_be_about_one_type_of_action() -> None:
    with inject(raising(action_type="add_user_note")):
        reach(CrashPoint.AFTER_CLAIM, "create_identity")
        with pytest.raises(InjectedFault):
            reach(CrashPoint.AFTER_CLAIM, "add_user_note")


def test_a_fault_with_a_trigger_waits_for_its_file_and_takes_it_away(tmp_path: Path) -> None:
    trigger = tmp_path / "now"
    with inject(raising(on=None, trigger=trigger)):
        assert struck(2) == [False, False]
        trigger.touch()
        assert struck(3) == [True, False, False]


def test_two_equal_faults_count_for_themselves() -> None:
    with inject(raising(on=2), raising(on=2)):
        assert struck(2) == [False, True]


def test_faults_are_off_after_their_block_and_those_of_the_block_around_it_are_on_again() -> None:
    with inject(raising(on=None)):
        with inject():
            assert struck(1) == [False]
        assert struck(1) == [True]
    assert struck(1) == [False]


def test_what_a_point_is_told_of_the_action_is_as_it_is_declared(user: User) -> None:
    told: dict[CrashPoint, str] = {}
    before = arm(lambda point, action_type: told.update({point: action_type}))
    try:
        perform_action(AddUserNoteParams(note="likes gardens"), user=user)
    finally:
        arm(before)
    assert {point for point, action_type in told.items() if action_type} == POINTS_OF_AN_ACTION


@pytest.mark.parametrize(("point", "attempts"), RAISED_AT.items())
def test_an_error_at_a_named_point_loses_and_doubles_nothing(
    user: User, point: CrashPoint, attempts: int
) -> None:
    for text in ("one", "two"):
        note(user, text)
    with inject(raising(point=point)), suppress(InjectedFault):
        drain(user)
    connection.close()  # as the end of its worker would
    relay = Relay()
    wait_until(lambda: given_up(relay, user), "the relay gives up what nobody holds any more")
    drain(user, skip_waits=True)
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert attempts_of(user) == [attempts, 1]
    assert UserNote.objects.filter(user=user).count() == 2


def test_an_error_before_a_response_is_committed_stores_nothing(user: User) -> None:
    with inject(raising(point=CrashPoint.BEFORE_ACCEPT_COMMIT)), pytest.raises(InjectedFault):
        note(user)
    assert not ChatMessage.objects.filter(user=user).exists()
    assert not Event.objects.filter(user=user).exists()
    assert_actions(user, [])


def test_a_worker_lives_through_errors_outside_of_an_attempt(user: User, start: StartRole) -> None:
    around = (CrashPoint.BEFORE_CLAIM, CrashPoint.AFTER_COMMIT, CrashPoint.AFTER_PUBLISH)
    worker = start("worker", *(raising(point=point) for point in around))
    start("relay")
    for text in ("one", "two", "three"):
        note(user, text)
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 3)
    assert attempts_of(user) == [1, 1, 1]
    assert worker.exit_code is None


def test_the_command_that_the_product_installs_knows_of_no_faults(user: User, tmp_path: Path) -> None:
    killed = Fault(point=CrashPoint.BEFORE_CLAIM, on=None)
    worker = RoleProcess("worker", tmp_path / "worker.log", environment=environment_of(killed))
    try:
        note(user)
        wait_for_lane(user, timeout_s=60)
        assert_actions(user, [("add_user_note", "succeeded")])
        assert worker.exit_code is None
    finally:
        worker.stop()


def test_an_action_is_performed_for_a_user_of_its_own_in_a_phase_that_allows_it() -> None:
    category = IdentityCategory.SPIRITUAL
    action = perform_action(CreateIdentityParams(name="Gardener", category=category, note="grows things"))
    assert action.status == "succeeded"
    assert Identity.objects.get(user=action.user).name == "Gardener"
    assert_actions(action.user, [("create_identity", "succeeded", action.result_summary)])


def test_an_action_that_was_refused_is_answered_with_its_reason(user: User) -> None:
    action = perform_action(UpdateUserNoteParams(user_note_id=str(uuid4()), note="likes tea"), user=user)
    assert action.status == "rejected"
    assert action.result_summary


def test_a_lane_is_drained_to_its_first_wait_or_to_its_end(user: User) -> None:
    note(user)
    with inject(raising(point=CrashPoint.IN_HANDLER, on=None)):
        drain(user)
        assert_actions(user, [("add_user_note", "retrying")])
        drain(user, skip_waits=True)
    assert_actions(user, [("add_user_note", "dead")])


def test_a_lane_that_takes_too_many_attempts_is_shown(user: User) -> None:
    note(user)
    always = raising(point=CrashPoint.IN_HANDLER, on=None)
    with inject(always), pytest.raises(AssertionError, match="not drained after 2 attempts") as error:
        drain(user, skip_waits=True, limit=2)
    assert "add_user_note retrying 2/5" in str(error.value)
    assert "exception: server.testing.faults.InjectedFault" in str(error.value)


def test_actions_that_are_not_as_expected_are_shown(user: User) -> None:
    note(user)
    drain(user)
    for expected in ([], [("add_user_note", "dead")], [("add_user_note", "succeeded", "Sang a song.")]):
        with pytest.raises(AssertionError) as error:
            assert_actions(user, expected)
        assert f"expected {expected}" in str(error.value)
        assert "add_user_note succeeded 1/5 'Noted \"likes gardens\".', told: succeeded" in str(error.value)


def test_what_was_not_told_or_told_twice_is_shown(user: User) -> None:
    action = note(user)
    drain(user)
    end = Event.objects.filter(action_id=action.id).latest("cursor")
    last = EventStream.objects.get(user=user).last_cursor
    Event.objects.create(user=user, cursor=last + 1, kind=end.kind, action_id=action.id, data=end.data)
    with pytest.raises(AssertionError, match="the cursors up to"):
        assert_told(user)
    EventStream.objects.filter(user=user).update(last_cursor=last + 1)
    with pytest.raises(AssertionError, match="told to have ended 2 times") as error:
        assert_told(user)
    assert "told: succeeded, succeeded" in str(error.value)


def raising(**fields: Any) -> Fault:
    return Fault(**{"point": CrashPoint.AFTER_CLAIM, "do": "raise", **fields})


def struck(times: int) -> list[bool]:
    """Whether a fault happened, each time that a point is reached."""
    return [is_struck() for _ in range(times)]


def is_struck() -> bool:
    try:
        reach(CrashPoint.AFTER_CLAIM, "add_user_note")
    except InjectedFault:
        return True
    return False


def given_up(relay: Relay, user: User) -> bool:
    relay.sweep()
    return not is_running(user)


def run_testing(faults: str) -> subprocess.CompletedProcess[str]:
    """`python -m server.testing --help` with these faults."""
    return subprocess.run(
        [sys.executable, "-m", "server.testing", "--help"],
        env={**os.environ, "COACH_FAULTS": faults},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
