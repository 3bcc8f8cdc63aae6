"""What happens to users while a test looks."""

from collections.abc import Mapping

from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.models.coach_chat_response import ChatResponse, CoachChatResponse
from server.services.action_queue.accept import Accepted, accept_response
from server.services.event_stream.wake_up import wake_up
from server.testing.perform import drain


def response_of(**actions: Mapping[str, object]) -> dict[str, object]:
    """A structured response as it goes over the wire."""
    return {"message": "Noted.", **{name: {"params": params} for name, params in actions.items()}}


def parsed(response: dict[str, object]) -> ChatResponse:
    return CoachChatResponse.model_validate(response)


def note(text: str) -> dict[str, object]:
    """A response with one action, which every phase allows."""
    return response_of(add_user_note={"note": text})


POSTS: Mapping[str, Mapping[str, object]] = {
    "messages": {"content": "Remember: I like tea."},
    "users/me/responses": {"response": note("likes tea")},
}
"""By their paths, requests that change something: each of them comes to one action, which every phase allows."""


def accept(user: User, response: dict[str, object]) -> Accepted:
    return accept_response(user, parsed(response))


def run(user: User) -> None:
    """Run what is due, in this process, and wake the user's streams, as a worker does."""
    drain(user)
    wake_up([user.id])


def contents(user: User) -> list[str]:
    """What was said in the user's chat, in order."""
    return list(ChatMessage.objects.filter(user=user).order_by("seq").values_list("content", flat=True))
