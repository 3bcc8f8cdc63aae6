"""`coach replay --user E --dry-run`: what this version would make of a real conversation, without touching it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from redis import Redis

from server.apps.actions.models import Action, OperatorEntry
from server.apps.chat_messages.models import ChatMessage
from server.apps.events.locks import hold_user
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.services.action_handler import handler as executor
from server.services.action_handler.outcomes import Applied, Outcome
from server.services.action_queue.accept import accept_user_message
from server.services.scenario_replay.what_if import NoSuchMessage, what_if
from tests.cli.conftest import Coach, fault
from tests.scenarios.test_freeze import ada, answer, create, note_of, rename  # noqa: F401  (a fixture)


@pytest.fixture
def chat(ada: User) -> User:  # noqa: F811
    accept_user_message(ada, "I cook.")
    cook = create(ada, "Cook", note="Soup.")
    answer(ada, accept_identity={"identity_id": str(cook.id)})
    note_of(ada, "Likes tea.")
    rename(ada, cook, "Chef")
    return ada


def everything(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is of this user, or of what is theirs."""
    found: dict[str, list[dict[str, Any]]] = {
        "users": [{**row} for row in User.objects.filter(id=user.id).values()]
    }
    for model in apps.get_models():
        owners = [one.name for one in model._meta.concrete_fields if one.related_model is User]
        for owner in owners:
            rows = model._default_manager.filter(**{owner: user}).order_by("pk")
            found[f"{model._meta.db_table} {owner}"] = list(rows.values())
    entries = OperatorEntry.objects.filter(action__user=user).order_by("pk")
    found["operator_entries"] = [{**row} for row in entries.values()]
    return found


@contextmanager
def otherwise(monkeypatch: pytest.MonkeyPatch, action_type: ActionType, handler: Any) -> Iterator[None]:
    """As where the version that did it was another one."""
    with monkeypatch.context() as patch:
        patch.setattr(executor, "ACTION_HANDLERS", {**executor.ACTION_HANDLERS, action_type: handler})
        yield


def accepts_twice_as_much(coach_state: Any, params: Any, coach_message: Any) -> Outcome:
    identity = Identity.objects.get(id=params.identity_id)
    identity.change(state="refinement_complete")
    return Applied(f'Accepted the identity "{identity.name}".')


def coach_messages(user: User) -> list[str]:
    return [str(one.id) for one in ChatMessage.objects.filter(user=user, role="coach").order_by("seq")]


def test_where_nothing_would_be_otherwise_it_is_said(chat: User, coach: Coach) -> None:
    done = coach("replay", "--user", chat.email, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "4 actions played again: everything would be as it is.\n"
    done = coach("replay", "--user", chat.email, "--from", coach_messages(chat)[2], "--dry-run")
    assert done.stdout == "2 actions played again: everything would be as it is.\n"


def test_what_would_be_otherwise_is_told_with_its_action(
    chat: User, coach_here: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    with otherwise(monkeypatch, ActionType.ACCEPT_IDENTITY, accepts_twice_as_much):
        done = coach_here("replay", "--user", chat.email, "--dry-run")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "what                 by                  now → would be",
        'identities[0].state  2. accept_identity  "accepted" → "refinement_complete"',
    ]
    assert fault(done) == "4 actions played again: 1 value would be otherwise."


def test_what_is_otherwise_before_the_message_is_said_apart(
    chat: User, coach_here: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says_less(coach_state: Any, params: Any, coach_message: Any) -> Outcome:
        Identity.objects.get(id=params.identity_id).change(state="accepted")
        return Applied("Accepted.")

    with otherwise(monkeypatch, ActionType.ACCEPT_IDENTITY, says_less):
        done = coach_here("replay", "--user", chat.email, "--from", coach_messages(chat)[2], "--dry-run")
    assert done.returncode == 0
    first, _, row, _, last = done.stdout.splitlines()
    assert first == "Before that message already, this version makes something else of it:"
    assert row.endswith('2. accept_identity  "Accepted the identity \\"Cook\\"." → "Accepted."')
    assert last == "2 actions played again: everything would be as it is."


def test_nothing_is_changed_and_nobody_hears_of_it(
    chat: User, monkeypatch: pytest.MonkeyPatch, coach_here: Coach
) -> None:
    before = everything(chat)
    users, redis = User.objects.count(), Redis.from_url(settings.REDIS_URL)
    keys = {key: redis.dump(key) for key in redis.scan_iter()}
    with listening() as heard:
        with otherwise(monkeypatch, ActionType.ACCEPT_IDENTITY, accepts_twice_as_much):
            assert coach_here("replay", "--user", chat.email, "--dry-run").returncode == 1
        assert heard() == []
    assert everything(chat) == before
    assert len(before["actions user"]) == 4
    assert len(before["events user"]) > 4
    assert User.objects.count() == users
    assert {key: redis.dump(key) for key in redis.scan_iter()} == keys


@contextmanager
def listening() -> Iterator[Callable[[], list[Any]]]:
    """What is told on any channel meanwhile."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        channels = redis.pubsub()
        channels.psubscribe("*")
        assert channels.get_message(timeout=10) is not None
        yield lambda: [one for one in [channels.get_message(timeout=0.5)] if one]
        channels.close()


def test_a_user_whose_rows_are_held_is_not_waited_for(chat: User) -> None:
    """And what it reads, it does not hold: it runs in another process while all the user's rows are locked here."""
    with transaction.atomic():
        hold_user(chat)
        list(Action.objects.select_for_update().filter(user=chat))
        list(Identity.objects.select_for_update().filter(user=chat))
        list(User.objects.select_for_update().filter(id=chat.id))
        command = [sys.executable, "-m", "server.cli", "replay", "--user", chat.email, "--dry-run"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_message_may_be_the_users_or_cut_short(chat: User) -> None:
    said = ChatMessage.objects.get(user=chat, role="user")
    first, second, *_ = coach_messages(chat)
    assert [what_if(chat, one).actions for one in (str(said.id), first, second[:8])] == [4, 4, 3]
    last = accept_user_message(chat, "And?")
    with pytest.raises(NoSuchMessage, match="The coach said nothing after"):
        what_if(chat, str(last.id))
    for unknown in (str(uuid4()), "x", ""):
        with pytest.raises(NoSuchMessage, match="None of the user's messages"):
            what_if(chat, unknown)


REFUSED = {
    "no dry run": (["--user", "EMAIL"], "Add --dry-run"),
    "no user": (["--dry-run"], "--dry-run goes with --user"),
    "a message of nobody": (["--from", "x"], "--from goes with --user"),
    "a path": (["--user", "EMAIL", "--dry-run", "scenarios"], "leave PATH out."),
    "copies": (
        ["--user", "EMAIL", "--dry-run", "--copies", "1", "--inline"],
        "leave --copies, --inline out.",
    ),
    "nobody": (["--user", "nobody@example.org", "--dry-run"], "No user has the email"),
    "no such message": (
        ["--user", "EMAIL", "--dry-run", "--from", str(uuid4())],
        "None of the user's messages",
    ),
}


@pytest.mark.parametrize(("options", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked_is_refused_in_one_line(
    chat: User, coach_here: Coach, options: list[str], told: str
) -> None:
    done = coach_here("replay", *(chat.email if one == "EMAIL" else one for one in options))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in fault(done)
