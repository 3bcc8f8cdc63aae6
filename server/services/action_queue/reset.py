"""Starting a chat over."""

from functools import partial

from django.db import transaction

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.events.locks import hold_user
from server.apps.events.models import EventStream
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.event_kind import EventKind
from server.services.action_queue.deadlock import in_transaction
from server.services.action_queue.idempotency import abandon
from server.services.event_stream.append import NewEvent, append, trim
from server.services.event_stream.wake_up import wake_up

WITHDRAWN = "The chat was reset."

KEPT_FIELDS = frozenset({"id", "user", "updated_at"})


def reset_chat(user: User) -> None:
    """Cancel what is open, and clear the chat, the identities, the notes and the state, in one transaction.

    A turn under way comes to nothing. The actions' rows stay, as the log. Clients are told to reload.
    """
    in_transaction(partial(_reset, user))


def _reset(user: User) -> None:
    hold_user(user)
    coach_state, stream = CoachState.objects.get(user=user), EventStream.objects.get(user=user)
    abandon(user)
    _withdraw_all(user)
    _clear(user, coach_state)
    trim(stream)
    append(stream, [NewEvent(kind=EventKind.COACH_STATE)])
    transaction.on_commit(partial(wake_up, [user.id]))


def _withdraw_all(user: User) -> None:
    """Withdraw what is open now that nothing more is accepted; the rows are locked, so none is claimed meanwhile."""
    for action in Action.objects.filter(user=user).open().order_by("-seq").select_for_update():
        moved = Action.objects.withdraw(action, WITHDRAWN)
        assert moved is not None, f"{action} is open and locked, and was not withdrawn"


def _clear(user: User, coach_state: CoachState) -> None:
    fresh = CoachState(user=user)
    every = CoachState._meta.concrete_fields  # documented by Django, whatever its name
    fields = [field.name for field in every if field.name not in KEPT_FIELDS]
    coach_state.change(**{name: getattr(fresh, name) for name in fields})
    for rows in (UserNote.objects, Identity.objects, ChatMessage.objects):
        rows.filter(user=user).delete()
