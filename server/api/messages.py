"""`messages`: the chat."""

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.idempotency import IdempotencyKey, keyed_request
from server.api.paging import Paging, newest_first, page_of
from server.api.snapshot import SAYS_WHEN, snapshot
from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.services.coach.turn import TurnDone, take_turn

router = Router(tags=["chat"])

ORDER = newest_first("messages")


@router.post("", response={201: schemas.MessagePair})
async def post_message(
    request: HttpRequest, message: schemas.PostedMessage, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Write to the coach. Answers with the coach's message before its actions have run."""
    caller = caller_of(request)
    keyed = keyed_request(caller, idempotency_key, "POST messages", message)
    await sync_to_async(close_old_connections)()  # the coach may think for long: hold no connection meanwhile
    answer = await take_turn(caller.user, message.content, _shown, keyed)
    return HttpResponse(answer, status=201, content_type="application/json")


@router.get("", response=schemas.Page[schemas.Message], openapi_extra=SAYS_WHEN)
def list_messages(
    request: HttpRequest, response: HttpResponse, paging: Query[Paging]
) -> schemas.Page[schemas.Message]:
    """The chat, newest first; each coach message with its actions."""
    user = caller_of(request).user
    actions = Prefetch("actions", Action.objects.order_by("position").defer("traceback"))
    with snapshot(user, response):
        rows = ChatMessage.objects.filter(user=user).prefetch_related(actions)
        return page_of(rows, ORDER, paging, lambda row: schemas.Message.of(row, list(row.actions.all())))


def _shown(turn: TurnDone) -> str:
    pair = schemas.MessagePair(
        user_message=schemas.Message.of(turn.user_message, []),
        coach_message=schemas.Message.of(turn.coach.message, turn.coach.actions),
    )
    return pair.model_dump_json()
