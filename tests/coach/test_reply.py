"""The seam: what a coach is told, and which coach is asked."""

import asyncio
import logging
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddUserNoteParams,
    CreateIdentityParams,
)
from server.services.action_queue.accept import accept_user_message
from server.services.coach.context import CoachTurn
from server.services.coach.provider import provider
from server.services.coach.reply import RECENT_MESSAGES, prepare_turn, reply
from server.services.prompt_manager.phases import PHASE_PROMPTS
from server.settings.environment import environment
from server.testing.perform import accept, drain, perform_action
from tests.conftest import MakeUser


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


@pytest.mark.usefixtures("_fresh_environment")
def test_a_coach_that_is_not_there_is_refused_with_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_PROVIDER", "openai")
    with pytest.raises(SystemExit) as end:
        provider()
    assert end.value.code == 2
    assert capsys.readouterr().err == (
        "coach: COACH_PROVIDER 'openai' is not part of this version; set it to 'offline'\n"
    )


@pytest.mark.usefixtures("_fresh_environment")
def test_a_key_alone_leaves_the_offline_coach_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("COACH_PROVIDER", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-example")
    with caplog.at_level(logging.WARNING):
        answer = asyncio.run(reply(CoachTurn(phase=CoachingPhase.INTRODUCTION)))
    assert answer.model == "offline"
    assert "the offline coach answers" in caplog.text
    assert "sk-example" not in caplog.text
