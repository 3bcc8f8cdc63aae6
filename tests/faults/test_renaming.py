"""A renamed action: rows, messages and stored responses carry its old name, and everything goes on by the new one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from server.apps.actions.models import Action
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.action_handler.models.params import UpdateUserNoteParams
from server.testing.expect import assert_actions, told
from server.testing.perform import accept
from tests.api.stream import stream
from tests.api.web import WebProcess
from tests.conftest import MakeUser
from tests.faults.newer import Version, with_a_renamed_action
from tests.queue.conftest import StartRole, notes_of, wait_for_lane

OLD, NEW = "update_user_note", "correct_user_note"

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """A version with another name for an action of this one."""
    return with_a_renamed_action(tmp_path_factory.mktemp("renamed"))


@pytest.fixture(scope="module")
def web(renamed: Version, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """Its web."""
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log", renamed.environment) as web:
        yield web


def correct_by_the_old_name(user: User) -> Action:
    """An action that this version stores, before the deploy."""
    kept = UserNote.objects.create(user=user, note="was wrong")
    params = UpdateUserNoteParams(user_note_id=str(kept.pk), note="is right")
    (action,) = accept(user, {OLD: params}).actions
    return action


def test_a_worker_of_the_new_version_runs_what_carries_the_old_name(
    make_user: MakeUser, start: StartRole, renamed: Version, web: WebProcess
) -> None:
    user, poster = make_user(), make_user()
    correct_by_the_old_name(user)  # the message is in the queue before any worker is
    note = UserNote.objects.create(user=poster, note="was wrong")
    with web.client_of(poster) as client:
        for name, text in ((OLD, "is better"), (NEW, "is right")):
            response = {"message": "…", name: {"params": {"user_note_id": str(note.pk), "note": text}}}
            answer = client.post("users/me/responses", json={"response": response})
            assert answer.status_code == 202, answer.text
            assert [one["action_type"] for one in answer.json()["coach_message"]["actions"]] == [NEW]
    start("relay", **renamed.environment)
    start("worker", **renamed.environment)
    for who in (user, poster):
        wait_for_lane(who)
        assert notes_of(who) == ["is right"]
    assert_actions(user, [(OLD, "succeeded")])
    assert_actions(poster, [(NEW, "succeeded"), (NEW, "succeeded")])
    assert told(user) == ["succeeded"]


def test_the_api_shows_and_finds_it_by_the_new_name(user: User, web: WebProcess) -> None:
    action = correct_by_the_old_name(user)
    with web.client_of(user) as client:
        listed = [
            client.get("actions", params=params).json()["items"]
            for params in ({}, {"action_type": OLD}, {"action_type": NEW}, {"q": NEW}, {"q": OLD})
        ]
        one = client.get(f"actions/{action.id}").json()
        (message,) = client.get("messages").json()["items"]
        with stream(client, after=0) as events:
            (told_of,) = [event.data["message"] for event in events.take(2) if event.event == "message"]
    assert [[row["id"] for row in rows] for rows in listed] == [[str(action.id)]] * 5
    shown = [*(rows[0] for rows in listed), one, *message["actions"], *told_of["actions"]]
    assert {(row["action_type"], row["label"]) for row in shown} == {(NEW, "Change a note about you")}
    with web.client_of(user) as client:
        assert client.get("actions", params={"action_type": "add_user_note"}).json()["items"] == []


def test_operators_find_it_by_either_name(user: User, renamed: Version) -> None:
    action = correct_by_the_old_name(user)
    for name in (OLD, NEW):
        found = run(renamed, "-m", "server.cli", "actions", "list", "--type", name, "--json")
        assert str(action.id) in {row["id"] for row in json.loads(found)}
        assert {row["action_type"] for row in json.loads(found)} == {NEW}


TOLD = """
import json, sys
import django
django.setup()
from server.apps.chat_messages.models import ChatMessage
from server.services.coach.reply import _past
from server.apps.actions.models import Action
from server.services.prompt_manager.outcomes import outcomes
from server.services.prompt_manager.phases import allowed_actions
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.enums.coaching_phase import CoachingPhase
print(outcomes([_past(Action.objects.get(id=sys.argv[1]))]))
print(json.dumps(strict_schema(phase_response_model(allowed_actions(CoachingPhase.INTRODUCTION)))))
"""


def test_a_model_is_told_the_new_name_alone(user: User, renamed: Version) -> None:
    action = correct_by_the_old_name(user)
    said = run(renamed, "-c", TOLD, str(action.id))
    assert f'"action": "{NEW}", "outcome": "open"' in said
    assert OLD not in said


STORED = """
import sys
from server.models.coach_chat_response import CoachChatResponse
response = CoachChatResponse.model_validate_json(sys.argv[1])
print(*(action.action_type for action in response.actions()))
print(response.model_dump_json(exclude_unset=True))
"""


def test_a_stored_response_is_read_by_either_name_but_not_by_both(user: User, renamed: Version) -> None:
    message = correct_by_the_old_name(user).coach_message
    assert message is not None
    assert message.response is not None
    named, written = run(renamed, "-c", STORED, json.dumps(message.response)).splitlines()
    assert named == NEW
    params = message.response[OLD]
    assert json.loads(written)[NEW] == params
    both = json.dumps({"message": "…", OLD: params, NEW: params})
    with pytest.raises(AssertionError, match="Extra inputs are not permitted"):
        run(renamed, "-c", STORED, both)


def run(version: Version, *arguments: str) -> str:
    """What a Python process of this version prints."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **version.environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
