"""A frozen conversation comes to the same end as the one that it was made of."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.services.scenario_replay.begun import begin
from server.services.scenario_replay.comparison import differences_from
from server.services.scenario_replay.freezing import freeze
from server.services.scenario_replay.inline import drained, play_inline
from server.services.scenario_replay.loading import Loaded, load
from server.services.scenario_replay.playing import Play
from server.services.scenario_replay.writing import to_json
from tests.scenarios.conversations import IDENTITIES, NOTES, Exchange, begin_with, conversations, hold
from tests.scenarios.test_library import LOADED

# FREEZE_EXAMPLES=1000 tries more.
EXAMPLES = int(os.environ.get("FREEZE_EXAMPLES", "10"))
ANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@ANY
@given(conversation=conversations(), pseudonyms=st.booleans())
def test_whatever_was_said(conversation: list[Exchange], *, pseudonyms: bool) -> None:
    with transaction.atomic():
        user = User.objects.create_user(f"{uuid4()}@example.org", first_name="Ada", last_name="Cook")
        hold(user, conversation)
        try:
            if any(one.said or one.answer for one in conversation):
                assert_it_comes_to_the_same(user, pseudonyms=pseudonyms)
        finally:
            transaction.set_rollback(True)


@ANY
@given(conversation=conversations(), identities=IDENTITIES, notes=NOTES, phase=st.sampled_from(CoachingPhase))
def test_whatever_was_there_before(
    conversation: list[Exchange], identities: list[dict[str, Any]], notes: list[str], phase: CoachingPhase
) -> None:
    """What was overwritten may not be known, so it may come to something else; then just that is told."""
    with transaction.atomic():
        user = User.objects.create_user(f"{uuid4()}@example.org")
        begin_with(user, identities, notes, phase)
        hold(user, [Exchange(said="Hello.", answer=None), *conversation])
        try:
            frozen = freeze(user)
            played = play_inline(frozen.scenario)
            told = differences_from(frozen.scenario.expect.written(), played.end_state)
            assert (tuple(told), played.unresolved) == (frozen.differences, ())
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "loaded", [one for one in LOADED if len(one.scenario.turns) < 100], ids=lambda one: one.path.stem
)
def test_a_scenario_that_was_lived_is_one_again(loaded: Loaded) -> None:
    with transaction.atomic():
        begun = begin(loaded.scenario.start, TestScenario.objects.create(name="Lived"))
        play = Play(scenario=loaded.scenario, begun=begun)
        while not play.is_over:
            play.play_on(most=1)
            list(drained(begun.user))
        User.objects.filter(id=begun.user.id).update(test_scenario=None)
        try:
            assert_it_comes_to_the_same(User.objects.get(id=begun.user.id), pseudonyms=True)
        finally:
            transaction.set_rollback(True)


def assert_it_comes_to_the_same(user: User, *, pseudonyms: bool) -> None:
    """In freezing it was played once already, and differed in nothing."""
    frozen = freeze(user, pseudonyms=pseudonyms)
    assert frozen.differences == ()
    assert frozen.remarks == ()
    with TemporaryDirectory() as directory:
        path = Path(directory) / "frozen.json"
        path.write_text(to_json(frozen.scenario), encoding="utf-8")
        (loaded,) = load([path])
    played = play_inline(loaded.scenario)
    assert played.unresolved == ()
    assert differences_from(loaded.scenario.expect.written(), played.end_state) == []
