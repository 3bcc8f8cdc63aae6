"""`coach actions`: looking at actions, retrying and cancelling them."""

import json
from uuid import UUID

import pytest

from server.apps.actions.models import Action, OperatorEntry
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddUserNoteParams,
    TransitionPhaseParams,
)
from server.testing.perform import accept, drain, perform_action
from tests.cli.conftest import Coach, fault

NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def waiting(user: User) -> list[Action]:
    """Two actions of one response that no worker has looked at."""
    actions: dict[str, ActionParams] = {
        "transition_phase": TransitionPhaseParams(to_phase=CoachingPhase.GET_TO_KNOW_YOU),
        "add_user_note": AddUserNoteParams(note="Likes tea."),
    }
    return accept(user, actions).actions


@pytest.fixture
def rejected(user: User) -> Action:
    """An action that ended rejected."""
    return perform_action(AcceptIdentityParams(identity_id=NOBODYS), user=user)


def test_the_list_is_newest_first_and_can_be_narrowed(
    coach: Coach, user: User, waiting: list[Action]
) -> None:
    drain(user)
    listed = coach("actions", "list", "--email", user.email)
    assert (listed.returncode, listed.stderr) == (0, "")
    header, *rows = listed.stdout.splitlines()
    assert header.split() == ["id", "action", "status", "attempt", "queued", "outcome"]
    assert [row.split()[:3] for row in rows] == [
        [str(action.id)[:8], str(action.action_type), "succeeded"] for action in reversed(waiting)
    ]
    narrowed = ("--email", user.email, "--type", "add_user_note", "--status", "succeeded", "--json")
    (note,) = json.loads(coach("actions", "list", *narrowed).stdout)
    assert note["id"] == str(waiting[1].id)
    assert note["email"] == user.email
    assert note["result_summary"] == 'Noted "Likes tea".'


def test_a_longer_list_is_said_to_go_on(coach_here: Coach, user: User, waiting: list[Action]) -> None:
    listed = coach_here("actions", "list", "--email", user.email, "--limit", "1")
    assert len(listed.stdout.splitlines()) == 2
    assert listed.stderr == "There are more: see them with --limit 5.\n"


def test_an_empty_list_says_so(coach_here: Coach, user: User) -> None:
    assert coach_here("actions", "list", "--email", user.email).stdout == "No action was found.\n"
    assert json.loads(coach_here("actions", "list", "--email", user.email, "--json").stdout) == []


def test_show_tells_everything_about_an_ended_action(coach_here: Coach, user: User, rejected: Action) -> None:
    coach_here("actions", "retry", rejected.id)
    drain(user)
    shown = " ".join(coach_here("actions", "show", str(rejected.id)[:10]).stdout.split())
    for text in (
        str(rejected.id),
        "accept_identity (Accept an identity)",
        user.email,
        "rejected",
        "attempts 2 of 6",
        "error not_found: ",
        f'"identity_id": "{NOBODYS}"',
        "retry by cli:",
        "when it was rejected",
    ):
        assert text in shown
    told = json.loads(coach_here("actions", "show", rejected.id, "--json").stdout)
    assert told["error"]["kind"] == "not_found"
    assert told["ahead_in_lane"] is None
    assert [entry["verb"] for entry in told["operator_entries"]] == ["retry"]


def test_show_tells_where_a_waiting_action_stands_in_its_lane(
    coach_here: Coach, waiting: list[Action]
) -> None:
    assert "first\n" in coach_here("actions", "show", waiting[0].id).stdout
    assert "1 before it\n" in coach_here("actions", "show", waiting[1].id).stdout


def test_what_a_model_wrote_cannot_command_the_terminal(coach_here: Coach, user: User) -> None:
    action = perform_action(AddUserNoteParams(note="\x1b]0;gotcha\x07 \x9b31m tea"), user=user)
    for shown in (
        coach_here("actions", "show", action.id),
        coach_here("actions", "list", "--email", user.email),
    ):
        assert shown.returncode == 0, shown.stderr
        assert not {"\x1b", "\x07", "\x9b"} & set(shown.stdout)


def test_retry_queues_again_and_tells_each(coach: Coach, rejected: Action, waiting: list[Action]) -> None:
    done = coach("actions", "retry", str(rejected.id).replace("-", "")[:12], waiting[0].id)
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first == f"done     The action {rejected.id} (accept_identity) is queued again."
    assert second.startswith(f"refused  The action {waiting[0].id} is queued: ")
    assert fault(done) == "1 of 2 refused: the reasons are above."
    assert _status(rejected.id) == ActionStatus.QUEUED
    entry = OperatorEntry.objects.get(action=rejected)
    assert (entry.verb, entry.from_status) == ("retry", ActionStatus.REJECTED)
    assert entry.operator.startswith("cli:")


def test_retry_by_status_takes_all_of_them(coach_here: Coach, user: User, rejected: Action) -> None:
    done = coach_here("actions", "retry", "--status", "rejected", "--email", user.email)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"done     The action {rejected.id} (accept_identity) is queued again.\n"
    again = coach_here("actions", "retry", "--status", "rejected", "--email", user.email)
    assert (again.returncode, again.stdout) == (0, "There is no such action: nothing to retry.\n")


def test_cancel_takes_a_waiting_action_out_and_the_lane_goes_on(
    coach: Coach, user: User, waiting: list[Action]
) -> None:
    done = coach("actions", "cancel", waiting[0].id)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"done     The action {waiting[0].id} (transition_phase) is cancelled.\n"
    drain(user)
    assert [_status(action.id) for action in waiting] == [ActionStatus.CANCELLED, ActionStatus.SUCCEEDED]
    again = coach("actions", "cancel", waiting[0].id)
    assert again.returncode == 1
    assert "has ended already (cancelled)" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["show", "1234567"],
            "'1234567' is no action's id: give all of it, or its first 8 characters or more.",
        ),
        (["show", "not-an-id"], "'not-an-id' is no action's id"),
        (["show", NOBODYS], f"No action has the id '{NOBODYS}'"),
        (["cancel"], "Missing argument"),
        (["retry"], "Say which actions: give their ids, or --status dead (one of the two)."),
        (["retry", NOBODYS, "--status", "dead"], "Say which actions"),
        (["retry", NOBODYS, "--email", "a@b.org"], "--email goes with --status"),
        (["retry", "--status", "succeeded"], "--status succeeded cannot be retried all at once"),
        (["list", "--status", "failed"], "Invalid value for '--status'"),
        (["list", "--limit", "0"], "Invalid value for '--limit'"),
        (["list", "--email", "nobody@example.org"], "No user has the email"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(coach_here: Coach, arguments: list[str], told: str) -> None:
    refused = coach_here("actions", *arguments)
    assert refused.returncode == 2
    assert fault(refused).startswith(told)


def test_ids_that_begin_alike_are_not_guessed(coach_here: Coach, user: User) -> None:
    alike = [_with_id(user, UUID(f"abcdef01-0000-4000-8000-00000000000{digit}")) for digit in (1, 2)]
    refused = coach_here("actions", "cancel", "abcdef01")
    assert refused.returncode == 2
    assert fault(refused) == "Several actions' ids begin with 'abcdef01': give more of it."
    assert [_status(action.id) for action in alike] == [ActionStatus.QUEUED, ActionStatus.QUEUED]


def _with_id(user: User, action_id: UUID) -> Action:
    return Action.objects.create(
        id=action_id, user=user, position=0, action_type="add_user_note", parameters={}
    )


def _status(action_id: UUID) -> str:
    return str(Action.objects.get(id=action_id).status)
