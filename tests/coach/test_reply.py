"""The seam: what a coach is told, and which coach is asked."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddUserNoteParams,
    CreateIdentityParams,
)
from server.services.action_queue.accept import accept_user_message
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.offline.coach import OfflineCoach
from server.services.coach.provider import provider
from server.services.coach.reply import RECENT_MESSAGES, prepare_turn, reply
from server.services.coach.turn import ANSWER_TIMEOUT_S
from server.services.prompt_manager.phases import PHASE_PROMPTS
from server.settings.environment import LONGEST_ANSWER_S, environment
from server.testing.perform import accept, drain, perform_action
from tests.conftest import MakeUser

NEEDS_A_KEY = (
    "OPENAI_API_KEY must be set where COACH_PROVIDER=openai, "
    "unless OPENAI_BASE_URL names a server that asks for none"
)


@pytest.fixture
def _fresh_environment() -> Iterator[None]:
    provider.cache_clear()
    environment.cache_clear()
    yield
    provider.cache_clear()
    environment.cache_clear()


def test_a_turn_holds_what_is_known(make_user: MakeUser) -> None:
    user = make_user(first_name="Ada")
    create = CreateIdentityParams(name="Gardener", category=IdentityCategory.SPIRITUAL, note="at night")
    brainstorming = CoachingPhase.IDENTITY_BRAINSTORMING
    accept(
        user,
        {"create_identity": create, "accept_identity": AcceptIdentityParams(identity_id="?")},
        phase=brainstorming,
    )
    drain(user)
    perform_action(AddUserNoteParams(note="Tea, no milk"), user=user)
    turn = prepare_turn(user, accept_user_message(user, "hello"))

    assert turn.first_name == "Ada"
    assert turn.phase is CoachingPhase.INTRODUCTION
    (identity,) = turn.identities
    assert (identity.name, identity.state, identity.notes) == (
        "Gardener",
        IdentityState.PROPOSED,
        ("at night",),
    )
    assert [note.note for note in turn.user_notes] == ["Tea, no milk"]
    first, _, last = turn.messages
    assert (last.role, last.content, last.actions) == (MessageRole.USER, "hello", ())
    assert first.phase is brainstorming
    created, accepted = first.actions
    assert (created.status, created.result_summary) == (
        ActionStatus.SUCCEEDED,
        'Created the identity "Gardener" in Spiritual.',
    )
    assert accepted.status is ActionStatus.REJECTED
    assert accepted.reason


def test_a_turn_takes_at_most_five_queries_and_the_recent_messages(user: User) -> None:
    for number in range(RECENT_MESSAGES):
        accept_user_message(user, f"message {number}")
    accept(user, {"add_user_note": AddUserNoteParams(note="Tea")})
    last = accept_user_message(user, "the last one")
    with CaptureQueriesContext(connection) as queries:
        turn = prepare_turn(user, last)
    assert len(queries) == 5, queries.captured_queries
    assert len(turn.messages) == RECENT_MESSAGES
    assert turn.messages[0].content == "message 2"
    assert turn.messages[-1].content == "the last one"


def test_a_turn_ends_with_the_message_it_answers_whatever_was_said_since(user: User) -> None:
    accept_user_message(user, "the one before")
    answered = accept_user_message(user, "the one to answer")
    accept_user_message(user, "a later one")
    accept(user, {"add_user_note": AddUserNoteParams(note="Tea")})

    turn = prepare_turn(user, answered)

    assert [said.content for said in turn.messages] == ["the one before", "the one to answer"]


def test_an_offline_reply_names_its_prompt_and_model() -> None:
    answer = asyncio.run(reply(CoachTurn(phase=CoachingPhase.IDENTITY_WARM_UP)))
    assert answer.model == "offline"
    assert answer.prompt_version == PHASE_PROMPTS[CoachingPhase.IDENTITY_WARM_UP].version


def test_an_offline_reply_is_told_in_one_piece() -> None:
    told: list[str] = []

    class Hears:
        def piece(self, text: str) -> None:
            told.append(text)

        def again(self) -> None:
            raise AssertionError("nothing is written anew")

    answer = asyncio.run(reply(CoachTurn(phase=CoachingPhase.INTRODUCTION), Hears()))
    assert told == [answer.response.message]


def test_users_are_told_apart_by_a_name_that_says_nothing_about_them(make_user: MakeUser) -> None:
    ada, ben = make_user(), make_user()
    refs = [prepare_turn(one, accept_user_message(one, "hello")).user_ref for one in (ada, ada, ben)]
    assert refs[0] == refs[1] != refs[2]
    assert not any(
        str(one.pk) in ref or one.email in ref for one, ref in zip((ada, ben), refs[1:], strict=True)
    )


@pytest.mark.usefixtures("_fresh_environment")
@pytest.mark.parametrize(
    ("variables", "coach"),
    [
        ({}, OfflineCoach),
        ({"OPENAI_API_KEY": "sk-example"}, ModelCoach),
        ({"OPENAI_API_KEY": "sk-example", "COACH_PROVIDER": "offline"}, OfflineCoach),
        ({"OPENAI_API_KEY": "sk-example", "COACH_PROVIDER": "openai"}, ModelCoach),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1", "COACH_PROVIDER": "openai"}, ModelCoach),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, OfflineCoach),
    ],
)
def test_who_coaches(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], coach: type) -> None:
    monkeypatch.delenv("COACH_PROVIDER", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert isinstance(provider(), coach)


@pytest.mark.usefixtures("_fresh_environment")
@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"COACH_PROVIDER": "openai"},
            NEEDS_A_KEY,
        ),
        (
            {"COACH_PROVIDER": "scripted"},
            "COACH_PROVIDER 'scripted' is for `coach up --coach scripted FILE` to set",
        ),
        ({"COACH_PROVIDER": "gpt"}, "COACH_PROVIDER must be 'openai', 'offline', 'scripted'"),
        (
            {"OPENAI_BASE_URL": "localhost:11434"},
            "OPENAI_BASE_URL must begin with http:// or https:// and name a server",
        ),
        ({"OPENAI_API_KEY": "sk-ä"}, "OPENAI_API_KEY must be one line of plain characters"),
        (
            {"COACH_PRICES": "gpt=1/2"},
            "COACH_PRICES must read MODEL=INPUT/CACHED/OUTPUT, in USD per million tokens, with commas between models",
        ),
        ({"COACH_TEMPERATURE": "3"}, "COACH_TEMPERATURE must be less than or equal to 2"),
        ({"COACH_ANSWER_TIMEOUT_S": "600"}, "COACH_ANSWER_TIMEOUT_S must be less than or equal to 115"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str], line: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        provider()
    assert end.value.code == 2
    assert capsys.readouterr().err == f"coach: {line}\n"


@pytest.mark.usefixtures("_fresh_environment")
@pytest.mark.parametrize(
    ("url", "is_named"),
    [
        ("", True),
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("http://localhost:11434/v1", False),
        ("https://fakeapi.openai.com.example.org/v1", False),
        ("https://notapi.openai.com/v1", False),
    ],
)
def test_users_are_named_to_openai_and_to_no_other_server(
    monkeypatch: pytest.MonkeyPatch, url: str, *, is_named: bool
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-example")
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert environment().model_settings().names_users is is_named


def test_an_answer_ends_before_its_turn_is_given_up() -> None:
    assert LONGEST_ANSWER_S < ANSWER_TIMEOUT_S


STAND_IN = {"model": "scripted", "base_url": "http://127.0.0.1:1/v1", "api_key": "a-key"}


@pytest.mark.usefixtures("_fresh_environment")
@pytest.mark.parametrize(
    ("stand_in", "coach"),
    [
        (STAND_IN, "scripted"),
        (None, "offline"),
        ({"model": "scripted"}, "offline"),  # by another version: nothing is taken over
    ],
)
def test_the_recorded_session_of_the_running_system_coaches_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stand_in: dict[str, str] | None, coach: str
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "COACH_PROVIDER", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COACH_HOME", str(tmp_path))
    (tmp_path / "run.json").write_text(json.dumps({"stand_in": stand_in}))
    assert environment().provider == coach
    asked = environment().model_settings()
    if coach == "scripted":
        assert {"model": asked.model, "base_url": asked.base_url, "api_key": asked.api_key} == STAND_IN
