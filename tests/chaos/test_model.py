"""The model is the table of actions said a second time; the executor says the same, whatever a coach does."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from server.apps.actions.models import Action
from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_queue.accept import Provenance, accept_response
from server.testing.expect import assert_actions, described
from server.testing.perform import drain
from tests.chaos.model import ACTIONS, IN_PHASE, apply_response
from tests.chaos.programs import Author, Response
from tests.chaos.rows import found, learn_ids, plant, strangers_ids


def test_the_model_has_its_actions_in_their_order_and_knows_every_phase() -> None:
    """An action that it does not have is in no random program, until somebody writes it down there."""
    assert list(ACTIONS) == [action_type for action_type in ActionType if action_type in ACTIONS]
    assert list(IN_PHASE) == list(CoachingPhase)


@pytest.mark.timeout(300)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(random=st.randoms(use_true_random=False))
def test_whatever_a_coach_does_comes_to_what_the_model_says(random: Random) -> None:
    author = Author(random=random, foreign=strangers_ids())
    state = author.start()
    note(f"the user begins at {state}")
    user = plant(state)
    expected: list[tuple[str, str]] = []
    for _ in range(random.randint(1, 4)):
        for _ in range(random.randint(1, 3)):
            response = author.response(state)
            note(f"the coach answers {response}")
            accept(user, response)
            expected += apply_response(state, response.actions, response.phase)
        drain(user)
        learn_ids(state, user.id)
    assert_actions(user, expected)
    assert found(user.id) == state, described(user)
    assert Action.objects.filter(user=user).exclude(attempt=1).count() == 0


def accept(user: User, response: Response) -> None:
    posted = CoachChatResponse.model_validate(response.wire())
    phase = CoachingPhase(response.phase) if response.phase else None
    accept_response(user, posted, Provenance(phase=phase))
