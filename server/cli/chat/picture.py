"""`/state`, and the last messages: a short picture of where the user stands."""

from collections.abc import Iterator, Sequence

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.cli.chat.screen import COACH, USER, Screen
from server.cli.tables import one_line
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole

SHOWN = 6
LONGEST = 400


def show_state(user: User, screen: Screen) -> None:
    for line in _lines(user):
        screen.line(line)


def show_last_messages(user: User, screen: Screen) -> None:
    """The last few messages, the oldest first."""
    last = ChatMessage.objects.filter(user=user).newest_first().defer("response")[:SHOWN]
    for message in reversed(last):
        who = USER if message.role is MessageRole.USER else COACH
        screen.said(who, _shortened(message.content))


def _lines(user: User) -> Iterator[str]:
    state = CoachState.objects.get(user=user)
    yield f"phase       {state.current_phase.label}"
    if state.who_you_are:
        yield f"you are     {_joined(state.who_you_are)}"
    if state.who_you_want_to_be:
        yield f"you want    {_joined(state.who_you_want_to_be)}"
    for identity in Identity.objects.filter(user=user).exclude(state=IdentityState.ARCHIVED).in_order():
        mark = "identity >" if identity.pk == state.current_identity_id else "identity"
        yield f"{mark:<10}  {one_line(identity.name)}, {identity.category.label}, {identity.state.label}"
    for note in UserNote.objects.filter(user=user).order_by("created_at", "id"):
        yield f"note        {one_line(note.note)}"


def _joined(texts: Sequence[str]) -> str:
    return ", ".join(one_line(text) for text in texts)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
