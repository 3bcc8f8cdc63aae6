"""Playing a scenario in this process, one action after the other, in a transaction that is rolled back."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from server.enums.action_status import ENDED_STATUSES, ActionStatus
from server.services.action_handler.handler import apply_action
from server.services.scenario_replay.begun import Begun, begin
from server.services.scenario_replay.end_state import EndState, end_state_of
from server.services.scenario_replay.playing import Play
from server.services.scenario_replay.scenario import Scenario

MOST_ATTEMPTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An action that has ended, and how the user stood then. They are numbered from 1; 0 is the start, before any."""

    number: int
    action_type: str
    end_state: EndState


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """What playing in this process came to, and how long it took. `steps` are there where they were asked for."""

    end_state: EndState
    unresolved: tuple[str, ...]
    seconds: float
    steps: tuple[Step, ...] = ()


def play_inline(scenario: Scenario, *, with_steps: bool = False) -> Inline:
    """Play a scenario by the real executor. Nothing is sent, nothing is stored, and nobody waits for its rows."""
    with transaction.atomic():
        test_scenario = TestScenario.objects.create(name=scenario.name)
        begun = begin(scenario.start, test_scenario)
        began = time.monotonic()
        play = Play(scenario=scenario, begun=begun)
        steps = [_step(0, "", begun)] if with_steps else []
        while not play.is_over:
            play.play_on(most=1)
            for action_type in drained(begun.user):
                if with_steps:
                    steps.append(_step(len(steps), action_type, begun))
        seconds = time.monotonic() - began
        end_state = end_state_of(begun)
        transaction.set_rollback(True)
    return Inline(end_state=end_state, unresolved=tuple(play.unresolved), seconds=seconds, steps=tuple(steps))


def _step(number: int, action_type: str, begun: Begun) -> Step:
    return Step(number=number, action_type=action_type, end_state=end_state_of(begun))


def drained(user: User) -> Iterator[str]:
    """Run the user's lane, and tell the type of each action that ends. A retry is due at once, a parked one stays."""
    for _ in range(MOST_ATTEMPTS):
        Action.objects.filter(user=user, status=ActionStatus.RETRYING).update(due_at=database_now())
        head = Action.objects.filter(user=user).open().order_by("seq").first()
        if head is None or head.status == ActionStatus.PARKED:
            return
        attempt = apply_action(head.id)
        if attempt is None:
            return
        if attempt.moved.status in ENDED_STATUSES:
            yield str(head.action_type)
