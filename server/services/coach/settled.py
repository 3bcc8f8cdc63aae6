"""Waiting until what the coach asked for before has been done, so that it is told as done."""

import asyncio
import time
from uuid import UUID

from django.conf import settings

from server.apps.actions.models import Action
from server.apps.threads import in_thread

LOOK_EVERY_S = 0.05


async def lane_settled(user_id: UUID) -> None:
    """Wait for the user's open actions, as long as the first is due in time; for `COACH_SETTLE_S` seconds at most."""
    until = time.monotonic() + settings.COACH_SETTLE_S
    while (left_s := until - time.monotonic()) > 0 and await in_thread(_is_due, user_id, left_s):  # noqa: ASYNC110
        await asyncio.sleep(LOOK_EVERY_S)  # the worker is another process


def _is_due(user_id: UUID, within_s: float) -> bool:
    return Action.objects.filter(user_id=user_id).head_is_due(within_s=within_s)
