"""Ids of actions as people type them: whole, or cut short."""

import re
from uuid import UUID

from server.apps.actions.models import Action
from server.cli.errors import CommandError

SHORTEST = 8
HEX_DIGITS = 32


def short(action_id: UUID) -> str:
    """The id as lists show it."""
    return str(action_id)[:SHORTEST]


def action_named(text: str) -> Action:
    """The one action whose id begins with `text`, of at least 8 characters.

    Raises `CommandError` where `text` is no id, or no action or several begin so.
    """
    digits = text.strip().replace("-", "").lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},{HEX_DIGITS}}}", digits):
        raise CommandError(
            f"{text!r} is no action's id: give all of it, or its first {SHORTEST} characters or more."
        )
    first, last = UUID(digits.ljust(HEX_DIGITS, "0")), UUID(digits.ljust(HEX_DIGITS, "f"))
    found = list(
        Action.objects.filter(id__gte=first, id__lte=last).select_related("user", "coach_message")[:2]
    )
    match found:
        case [action]:
            return action
        case []:
            raise CommandError(f"No action has the id {text!r}: `coach actions list` shows those that are.")
        case _:
            raise CommandError(f"Several actions' ids begin with {text!r}: give more of it.")
