"""`coach submit`: a file in, every action applied in order, a table of outcomes."""

import json
from pathlib import Path

import pytest
from django.db import transaction

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from tests.cli.conftest import Coach, fault
from tests.conftest import MakeUser

EXAMPLE = Path(__file__).parents[2] / "examples" / "brainstorm.jsonl"
NOTE = json.dumps({"message": "Noted.", "add_user_note": {"params": {"note": "Likes tea."}}})
OTHER_NOTE = json.dumps({"message": "Noted.", "add_user_note": {"params": {"note": "Likes coffee."}}})
WRONG = json.dumps({"message": "Noted.", "add_user_note": {"params": {}}})


@pytest.mark.usefixtures("worker")
def test_the_example_ends_in_order_and_tells_what_became_of_each(coach: Coach, user: User) -> None:
    done = coach("submit", "--email", user.email, "--wait", EXAMPLE)
    header, *rows, summary = done.stdout.splitlines()
    assert header.split() == ["#", "action", "status", "attempt", "time", "outcome"]
    assert [row.split()[0] for row in rows] == [str(number) for number in range(1, 16)]
    outcomes = {row.split()[0]: row for row in rows}
    assert 'Created the identity "Night Gardener" in Passions and Talents.' in outcomes["9"]
    assert " skipped " in outcomes["13"]
    assert " rejected " in outcomes["14"]
    assert summary.startswith("15 actions of 8 responses: 13 succeeded, 1 skipped, 1 rejected, in ")
    assert done.returncode == 1
    assert fault(done).startswith("1 of 15 actions did not succeed (1 rejected): ")
    assert CoachState.objects.get(user=user).current_phase == CoachingPhase.IDENTITY_REFINEMENT
    assert [identity.name for identity in Identity.objects.filter(user=user).in_order()] == [
        "Night Gardener",
        "Storyteller",
    ]
    finished = [str(action.finished_at) for action in _actions(user)]
    assert finished == sorted(finished)


@pytest.mark.usefixtures("worker")
def test_all_is_well_where_all_succeeded_or_had_nothing_to_do(coach_here: Coach, user: User) -> None:
    done = coach_here("submit", "--email", user.email, "--wait", "-", given=f"{NOTE}\n{NOTE}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 actions of 2 responses: 1 succeeded, 1 skipped, in " in done.stdout


@pytest.mark.usefixtures("worker")
def test_json_is_for_programs(coach_here: Coach, user: User) -> None:
    done = coach_here("submit", "--email", user.email, "--wait", "--json", "-", given=NOTE)
    assert done.returncode == 0, done.stderr
    (response,) = json.loads(done.stdout)["responses"]
    (action,) = response["actions"]
    assert action["status"] == "succeeded"
    assert action["parameters"] == {"note": "Likes tea."}
    assert action["error"] is None
    assert response["coach_message_id"] == str(ChatMessage.objects.get(user=user).id)
    assert response["stored_before"] is False


@pytest.mark.usefixtures("worker")
def test_what_has_not_ended_in_time_is_told(coach: Coach, user: User) -> None:
    with transaction.atomic():
        CoachState.objects.select_for_update().get(user=user)  # nothing of this user's can be applied
        given = f"{NOTE}\n{OTHER_NOTE}"
        late = coach("submit", "--email", user.email, "--wait", "--timeout", "0.5", "-", given=given)
    assert late.returncode == 1
    told = fault(late)
    assert told.startswith("After 0.5 s 2 of 2 actions had not ended (")
    assert f"`coach actions list --email {user.email}`" in told
    assert late.stdout.splitlines()[-1].startswith("2 actions of 2 responses: ")


def test_without_wait_it_says_what_was_stored(coach: Coach, user: User) -> None:
    stored = coach("submit", "--email", user.email, "-", given=f"{NOTE}\n{OTHER_NOTE}")
    assert (stored.returncode, stored.stderr) == (0, "")
    assert stored.stdout == (
        f"Stored 2 responses with 2 actions for {user.email}.\n"
        f"Follow the actions with `coach actions list --email {user.email}`.\n"
    )
    assert [action.parameters["note"] for action in _actions(user)] == ["Likes tea.", "Likes coffee."]


def test_a_wrong_line_stores_nothing_of_the_file(coach_here: Coach, user: User, tmp_path: Path) -> None:
    file = tmp_path / "three.jsonl"
    file.write_text(f"{NOTE}\n{OTHER_NOTE}\n{WRONG}\n")
    refused = coach_here("submit", "--email", user.email, file)
    assert refused.returncode == 2
    assert fault(refused) == f"{file}, line 3, add_user_note.params.note: Field required."
    assert not ChatMessage.objects.filter(user=user).exists()


def test_the_same_key_stores_once_and_a_longer_file_adds_its_end(coach_here: Coach, user: User) -> None:
    def submit(given: str) -> str:
        done = coach_here("submit", "--email", user.email, "--idempotency-key", "K", "-", given=given)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert submit(NOTE).startswith("Stored 1 response with 1 action")
    assert submit(f"\n {NOTE} \n").splitlines()[:2] == [
        f"Stored 0 responses with 0 actions for {user.email}.",
        "1 response had been stored before, with the same key.",
    ]
    assert submit(f"{NOTE}\n{OTHER_NOTE}").startswith("Stored 1 response with 1 action")
    assert len(_actions(user)) == 2


def test_the_same_key_for_another_response_is_refused_and_stores_nothing(
    coach_here: Coach, user: User
) -> None:
    first = coach_here(
        "submit", "--email", user.email, "--idempotency-key", "K", "-", given=f"{NOTE}\n{NOTE}"
    )
    assert first.returncode == 0, first.stderr
    given = f"{NOTE}\n{OTHER_NOTE}\n{OTHER_NOTE}"
    refused = coach_here("submit", "--email", user.email, "--idempotency-key", "K", "-", given=given)
    assert refused.returncode == 2
    assert fault(refused).startswith("The idempotency key 'K:2' was used before, for another response")
    assert len(_actions(user)) == 2


def test_two_users_may_use_the_same_key(coach_here: Coach, make_user: MakeUser, tmp_path: Path) -> None:
    users, file = [make_user(), make_user()], tmp_path / "one.json"
    file.write_text(NOTE)
    for user in users:
        coach_here("submit", "--email", user.email, "--idempotency-key", "K", file)
    assert [len(_actions(user)) for user in users] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--email", "nobody@example.org"], "No user has the email 'nobody@example.org'"),
        (["--email", "USER", "--idempotency-key", ""], "The idempotency key '' cannot be used"),
        (["--email", "USER", "--idempotency-key", "k" * 255], "The idempotency key 'kkkk"),
    ],
)
def test_bad_input_is_one_line_and_stores_nothing(
    coach_here: Coach, user: User, arguments: list[str], told: str
) -> None:
    named = [user.email if argument == "USER" else argument for argument in arguments]
    refused = coach_here("submit", *named, EXAMPLE)
    assert refused.returncode == 2
    assert fault(refused).startswith(told)
    assert not _actions(user)


def test_without_a_broker_the_responses_are_stored_and_it_says_so(coach: Coach, user: User) -> None:
    stored = coach("submit", "--email", user.email, "-", given=NOTE, REDIS_URL="redis://127.0.0.1:1/0")
    assert stored.returncode == 0
    assert stored.stdout.startswith("Stored 1 response with 1 action")
    assert "Redis was not told, the relay will send" in stored.stderr
    assert [action.status for action in _actions(user)] == [ActionStatus.QUEUED]


def test_a_response_without_actions_is_a_message(coach_here: Coach, user: User) -> None:
    done = coach_here("submit", "--email", user.email, "--wait", "-", given='{"message": "Hello"}')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 actions of 1 response.\n"
    assert ChatMessage.objects.get(user=user).content == "Hello"


def _actions(user: User) -> list[Action]:
    return list(Action.objects.filter(user=user).order_by("seq"))
