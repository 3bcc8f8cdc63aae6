"""`coach user create` and `coach token create`."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from server.apps.coach_states.models import CoachState
from server.apps.events.models import EventStream
from server.apps.users.models import ApiToken, User
from tests.cli.conftest import Coach, fault
from tests.conftest import MakeUser

PASSWORD = "tall-otter-77"  # noqa: S105 - it opens what a test makes
PROMPT_LIMIT_S = 60.0


def test_a_user_is_made_with_state_and_stream_and_signs_in(coach: Coach) -> None:
    made = coach("user", "create", "--email", "Cli.One@Example.org", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    user = User.objects.get(email="cli.one@example.org")
    assert made.stdout == f"Created the user cli.one@example.org (id {user.id}).\n"
    assert user.check_password(PASSWORD)
    assert not user.is_staff
    assert CoachState.objects.filter(user=user).exists()
    assert EventStream.objects.filter(user=user).exists()


def test_staff_may_operate_the_system(coach: Coach) -> None:
    made = coach("user", "create", "--email", "cli.staff@example.org", "--password", PASSWORD, "--staff")
    assert made.returncode == 0, made.stderr
    user = User.objects.get(email="cli.staff@example.org")
    assert user.is_staff
    assert user.has_perm("actions.change_action")


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("no-email", PASSWORD, "'no-email' is no email address."),
        ("cli.weak@example.org", "password", "The password cannot be used: This password is too common."),
        ("cli.alike@example.org", "cli.alike", "The password cannot be used: The password is too similar"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    coach_here: Coach, email: str, password: str, reason: str
) -> None:
    refused = coach_here("user", "create", "--email", email, "--password", password)
    assert refused.returncode == 2
    assert fault(refused).startswith(reason)
    assert not User.objects.filter(email=email).exists()


def test_a_taken_email_is_refused_however_it_is_typed(coach_here: Coach, user: User) -> None:
    refused = coach_here("user", "create", "--email", user.email.upper(), "--password", PASSWORD)
    assert refused.returncode == 2
    assert fault(refused) == f"The email {user.email!r} is taken: sign in with it, or choose another."


def test_without_a_password_and_a_terminal_it_says_what_to_do(coach: Coach) -> None:
    refused = coach("user", "create", "--email", "cli.none@example.org")
    assert refused.returncode == 2
    assert fault(refused).startswith("No password was given: add --password")


def test_on_a_terminal_the_password_is_asked_for_twice() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "server.cli", "user", "create", "--email", "cli.asked@example.org"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = _read_until(ours, "Password: ")
        os.write(ours, f"{PASSWORD}\n".encode())
        shown += _read_until(ours, "Again: ")
        os.write(ours, f"{PASSWORD}\n".encode())
        assert process.wait(30) == 0, shown
    os.close(ours)
    assert PASSWORD not in shown
    assert User.objects.get(email="cli.asked@example.org").check_password(PASSWORD)


def test_the_token_alone_is_printed_and_opens_the_user(coach: Coach, user: User) -> None:
    made = coach("token", "create", "--email", user.email)
    assert made.returncode == 0, made.stderr
    (secret,) = made.stdout.split()
    assert made.stdout == f"{secret}\n"
    assert ApiToken.objects.bearing(secret).get().user == user


def test_no_token_for_nobody(coach_here: Coach) -> None:
    refused = coach_here("token", "create", "--email", "nobody@example.org")
    assert refused.returncode == 2
    assert fault(refused).startswith(
        "No user has the email 'nobody@example.org': make one with `coach user create"
    )
    assert refused.stdout == ""


def test_no_token_for_a_user_who_may_not_sign_in(coach_here: Coach, make_user: MakeUser) -> None:
    user = make_user(is_active=False)
    refused = coach_here("token", "create", "--email", user.email)
    assert refused.returncode == 2
    assert fault(refused).startswith(f"The user {user.email} is not active")


def test_where_nothing_runs_it_says_how_to_start(coach: Coach, tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": "", "REDIS_URL": "", "COACH_HOME": str(tmp_path)}
    failed = coach("token", "create", "--email", "a@b.org", **nowhere)
    assert failed.returncode == 1
    assert fault(failed).startswith(f"Nothing runs in {str(tmp_path)!r}: start the system with `coach up`")


def test_a_database_that_does_not_answer_is_one_line(coach: Coach) -> None:
    failed = coach("actions", "list", DATABASE_URL="postgresql://coach@127.0.0.1:1/coach")
    assert failed.returncode == 1
    assert fault(failed).startswith("The database cannot be reached: ")


def _read_until(terminal: int, text: str) -> str:
    """What is shown up to `text`, which ends with the space that is written once echoing is off."""
    shown = ""
    while text not in shown:
        readable, _, _ = select.select([terminal], [], [], PROMPT_LIMIT_S)
        assert readable, f"waited in vain for {text!r} after {shown!r}"
        shown += os.read(terminal, 1024).decode()
    return shown
