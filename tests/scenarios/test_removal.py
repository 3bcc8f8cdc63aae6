"""Users of a replay go with everything they have, and nobody else loses anything."""

import pytest
from django.apps import apps
from django.db import IntegrityError

from server.apps.actions.models import Action, OperatorEntry
from server.apps.chat_messages.models import IdempotencyKey
from server.apps.test_scenarios.models import TestScenario
from server.apps.user_notes.models import UserNote
from server.apps.users.models import ApiToken, User
from server.enums.action_status import ActionStatus
from server.services.scenario_replay.begun import begin
from server.services.scenario_replay.inline import drained
from server.services.scenario_replay.playing import Play
from server.services.scenario_replay.removal import remove_settled
from server.services.scenario_replay.scenario import Scenario
from tests.scenarios.test_loading import scenario
from tests.scenarios.test_replay import RECORDED


def played() -> User:
    """A user who has something in every table that a user can have something in."""
    content = Scenario.model_validate(scenario(name="Gone", **RECORDED))
    begun = begin(content.start, TestScenario.objects.create(name="Gone"))
    play = Play(scenario=content, begun=begun)
    while not play.is_over:
        play.play_on()
        list(drained(begun.user))
    user = begun.user
    ApiToken.objects.issue(user)
    UserNote.objects.create(user=user, note="Likes cake.")
    IdempotencyKey.objects.create(user=user, key="k", digest="d", user_message=user.chat_messages.first())
    for action in Action.objects.filter(user=user, status=ActionStatus.REJECTED):
        OperatorEntry.objects.create(action=action, verb="retry", operator="o", from_status=action.status)
    return user


def rows_of(user: User) -> dict[str, int]:
    found = {
        f"{model.__name__}.{field.name}": model._base_manager.filter(**{field.name: user}).count()
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    return found | {"OperatorEntry": OperatorEntry.objects.filter(action__user=user).count()}


def test_all_that_they_have_goes_and_nothing_of_others() -> None:
    gone, also, stays = played(), played(), played()
    before = rows_of(stays)
    assert {name for name, count in before.items() if not count} == {"LogEntry.user"}
    remove_settled([gone.id, also.id])
    assert not User.objects.filter(id__in=[gone.id, also.id]).exists()
    assert not any(rows_of(gone).values())
    assert rows_of(stays) == before
    remove_settled([stays.id])


def test_a_row_that_would_be_left_without_its_own_forbids_it(monkeypatch: pytest.MonkeyPatch) -> None:
    user = played()
    monkeypatch.setattr(
        "server.services.scenario_replay.removal._tables", lambda: [("chat_messages", "user_id")]
    )
    with pytest.raises(IntegrityError):
        remove_settled([user.id])
    monkeypatch.undo()
    remove_settled([user.id])


def test_nobody_is_nothing() -> None:
    remove_settled([])
