"""Storing the responses of a file: all of them or none, and each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from server.apps.users.models import User
from server.cli.errors import CommandError
from server.models.coach_chat_response import ChatResponse
from server.services.action_queue.accept import accept_response
from server.services.action_queue.idempotency import KeyedRequest, KeyReused, answer_once, digest_of

KEY_LIMIT = 255


class StoredResponse(BaseModel):
    """A response's message and its actions; `before` where an earlier submission with the same key had stored it."""

    model_config = ConfigDict(frozen=True)
    message_id: UUID
    action_ids: list[UUID]
    before: bool = Field(default=False, exclude=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is stored for a user, in order."""

    user: User
    responses: list[StoredResponse]

    @property
    def action_ids(self) -> list[UUID]:
        return [action_id for response in self.responses for action_id in response.action_ids]


def store(user: User, responses: Sequence[ChatResponse], key: str | None) -> Submission:
    """Store all of the responses, or none; no other response of the user comes between them.

    Each has a key of its own, KEY:1, KEY:2, …, so that a file that has grown adds its new end. Raises `CommandError`
    where a key cannot be used, or was used for another response.
    """
    if key is not None:
        _check(key, len(responses))
    with transaction.atomic():
        stored = [
            _store(user, response, key and f"{key}:{number}")
            for number, response in enumerate(responses, start=1)
        ]
    return Submission(user=user, responses=stored)


def _check(key: str, count: int) -> None:
    room = KEY_LIMIT - len(f":{count}")
    if not key or "\x00" in key or len(key) > room:
        raise CommandError(f"The idempotency key {key[:40]!r} cannot be used: give 1 to {room} characters.")


def _store(user: User, response: ChatResponse, key: str | None) -> StoredResponse:
    if key is None:
        return _accept(user, response)
    made: list[StoredResponse] = []

    def answer() -> str:
        made.append(_accept(user, response))
        return made[0].model_dump_json()

    digest = digest_of("coach submit", str(user.id), response.model_dump_json(exclude_none=True))
    try:
        stored = answer_once(KeyedRequest(caller=user, key=key, digest=digest), user, answer)
    except KeyReused as error:
        raise CommandError(
            f"The idempotency key {key!r} was used before, for another response: nothing was stored. Use a new key."
        ) from error
    return StoredResponse.model_validate_json(stored).model_copy(update={"before": not made})


def _accept(user: User, response: ChatResponse) -> StoredResponse:
    accepted = accept_response(user, response)
    return StoredResponse(
        message_id=accepted.message.id, action_ids=[action.id for action in accepted.actions]
    )
