"""The `Idempotency-Key` header."""

from typing import Annotated

from ninja import Header
from pydantic import BaseModel

from server.api.auth import Caller
from server.apps.chat_messages.models import MAX_KEY
from server.services.action_queue.idempotency import KeyedRequest, digest_of

IdempotencyKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=MAX_KEY,
        description="The same key and body again: the first answer again, and nothing is stored twice.",
    ),
]


def keyed_request(caller: Caller, key: str | None, endpoint: str, body: BaseModel) -> KeyedRequest | None:
    """The request as one that may be sent again, where it bears a key. `endpoint` names what it is sent to."""
    if key is None:
        return None
    digest = digest_of(endpoint, body.model_dump_json(exclude_unset=True))
    return KeyedRequest(caller=caller.user, key=key, digest=digest)
