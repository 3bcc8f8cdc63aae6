"""What the database says while a page is looked at."""

from collections.abc import Callable

from playwright.sync_api import Page

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from tests.processes import wait_until

LOOK_MS = 20


def said_by(user: User) -> list[str]:
    """What the user has said, in order."""
    return _said(user, "user")


def answers_to(user: User) -> list[str]:
    """What the coach has said, in order."""
    return _said(user, "coach")


def actions_of(user: User) -> list[Action]:
    """The user's actions in lane order."""
    return list(Action.objects.filter(user=user).order_by("seq"))


def wait_while_open(page: Page, condition: Callable[[], bool], what: str) -> None:
    """Wait for something outside the page while what the page asks of the test is answered."""

    def look() -> bool:
        page.wait_for_timeout(LOOK_MS)
        return condition()

    wait_until(look, what)


def _said(user: User, role: str) -> list[str]:
    rows = ChatMessage.objects.filter(user=user, role=role).order_by("seq")
    return list(rows.values_list("content", flat=True))
