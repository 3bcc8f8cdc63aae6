"""`chat`: starting over."""

from django.http import HttpRequest
from ninja import Router

from server.api.auth import caller_of
from server.services.action_queue.reset import reset_chat

router = Router(tags=["chat"])


@router.post("/reset", response={204: None})
def reset(request: HttpRequest) -> None:
    """Start over: cancels what waits, and clears the chat, the identities, the notes and the state."""
    reset_chat(caller_of(request).user)
