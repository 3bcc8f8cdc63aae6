"""`users/{id}/responses`: structured responses from programs that do their own coaching."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError

from server.api import schemas
from server.api.actions import uuid_or_404
from server.api.auth import Caller, caller_of
from server.api.idempotency import IdempotencyKey, keyed_request
from server.apps.users.models import User
from server.services.action_queue.accept import accept_response
from server.services.action_queue.idempotency import answer_once

router = Router(tags=["chat"])


@router.post("/{user_id}/responses", response={202: schemas.StoredResponse})
def post_response(
    request: HttpRequest, user_id: str, posted: schemas.PostedResponse, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Store a response for a user and enqueue its actions. For staff, and for the user's own token; `me` is oneself."""
    caller = caller_of(request)
    user = _user(caller, user_id)
    keyed = keyed_request(caller, idempotency_key, f"POST users/{user.id}/responses", posted)
    answer = answer_once(keyed, user, lambda: _store(user, posted))
    return HttpResponse(answer, status=202, content_type="application/json")


def _store(user: User, posted: schemas.PostedResponse) -> str:
    accepted = accept_response(user, posted.response)
    message = schemas.Message.of(accepted.message, accepted.actions)
    return schemas.StoredResponse(coach_message=message).model_dump_json()


def _user(caller: Caller, user_id: str) -> User:
    """The user that the caller may post for: anyone for staff, oneself for others, to whom nobody else exists."""
    is_self = user_id == "me" or uuid_or_404(user_id) == caller.user.id
    if caller.user.is_staff:
        return caller.user if is_self else _existing(uuid_or_404(user_id))
    if not is_self:
        raise Http404
    if not caller.by_token:
        raise HttpError(
            403, "A browser may not post responses: send them from a program, with a bearer token."
        )
    return caller.user


def _existing(user_id: UUID) -> User:
    user = User.objects.filter(id=user_id).first()
    if user is None:
        raise Http404
    return user
