"""Holding everything of a user."""

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.events.models import EventStream
from server.apps.users.models import User


def hold_user(user: User) -> None:
    """Lock the user's state, lane and stream until the transaction ends, in the order in which an attempt does.

    Whoever changes or deletes all that a user has begins with this: in another order, a worker and they would wait for
    each other.
    """
    lane = Action.objects.filter(user=user).open().order_by("seq")
    for rows in (CoachState.objects.filter(user=user), lane, EventStream.objects.filter(user=user)):
        list(rows.select_for_update().values_list("pk"))
