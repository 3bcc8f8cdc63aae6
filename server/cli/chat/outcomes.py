"""Showing what becomes of a message's actions, each as it settles."""

import time
from collections.abc import Sequence
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.users.models import User
from server.cli.chat.screen import Screen
from server.cli.chat.surroundings import Wait, long_wait
from server.cli.follow import LOOK_EVERY_S, fetch

LONGEST_S = 60.0


def show_outcomes(user: User, ids: Sequence[UUID], screen: Screen) -> None:
    """Show each action once it has ended, in the order of the lane; and in the end those that wait, and why."""
    until = time.monotonic() + LONGEST_S
    left = list(ids)
    wait: Wait | None = None
    while left and wait is None and time.monotonic() < until:
        left = _show_ended(left, screen)
        if left:
            wait = long_wait(user)
            time.sleep(LOOK_EVERY_S)
    for action in fetch(left):
        screen.outcome(action)
    if wait:
        screen.warn(wait.sentence)


def _show_ended(ids: Sequence[UUID], screen: Screen) -> list[UUID]:
    """Show those at the front that have ended; the others' ids."""
    actions: list[Action] = fetch(ids)
    while actions and actions[0].finished_at is not None:
        screen.outcome(actions.pop(0))
    return [action.id for action in actions]
