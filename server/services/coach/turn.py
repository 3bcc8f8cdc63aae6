"""One turn of the chat: what the user wrote is stored, the coach is asked, the response is accepted."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.db import Error, transaction

from server.apps.chat_messages.models import ChatMessage
from server.apps.threads import in_thread
from server.apps.users.models import User
from server.models.coach_turn import CoachTurn
from server.services.action_queue.accept import Accepted, Provenance, accept_response, accept_user_message
from server.services.action_queue.idempotency import (
    RENEW_S,
    Answered,
    KeyedRequest,
    Lease,
    Opened,
    UnderWay,
    close_request,
    give_up,
    open_request,
    renew,
)
from server.services.coach.coach_reply import CoachReply
from server.services.coach.failure import CoachFailed
from server.services.coach.reply import prepare_turn, reply
from server.services.coach.says import Both, Says
from server.services.coach.settled import lane_settled
from server.services.event_stream.append import lock_stream
from server.services.event_stream.drafts import drafting, drafts_sent

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 120.0
"""How long the coach may think; and how long a request waits while another one of the user is being answered.

A turn may do one after the other: wait in vain, be handed the request, and ask.
"""

LOOK_AGAIN_S = 0.1

UNNAMED = ""
"""The digest of a request without a key, which can never be sent again."""

SAID_OF_ANY_FAILURE = "The coach could not answer just now. Your message is kept: try again in a moment."


class TurnFailed(Exception):
    """The coach could not answer just now. What you wrote is kept: send it again with the same idempotency key.

    The cause says why, where the coach itself does (`CoachFailed`).
    """

    @property
    def why(self) -> CoachFailed | None:
        return self.__cause__ if isinstance(self.__cause__, CoachFailed) else None

    def __str__(self) -> str:
        return self.why.sentence if self.why else SAID_OF_ANY_FAILURE


class TurnOvertaken(Exception):
    """The chat was reset, or the request was answered elsewhere, while the coach was thinking: nothing was stored."""

    def __str__(self) -> str:
        return str(self.__doc__)


class StillUnderWay(Exception):
    """The coach is still answering what you sent before: send this again later."""

    def __str__(self) -> str:
        return str(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDone:
    """A turn's two messages, as they are answered."""

    user_message: ChatMessage
    coach: Accepted


Render = Callable[[TurnDone], str]
"""Makes the answer's text of a turn; called inside the transaction that stores it."""

_turns: set[asyncio.Task[str]] = set()


async def take_turn(
    user: User, content: str, render: Render, request: KeyedRequest | None = None, *, also: Says | None = None
) -> str:
    """Take a turn, and answer its text; for a `request` that was answered before, the first answer again.

    The coach's message is told to the user's streams while it is written, and to `also`. A user has one turn at a
    time: the next one waits. A turn is finished even if its caller goes away: the user reads the coach's reply when
    they come back. Raises `KeyReused`, `StillUnderWay`, `TurnFailed`, `TurnOvertaken`.
    """
    task = asyncio.create_task(_take(user, content, render, request, also))
    _turns.add(task)
    task.add_done_callback(_forget)
    return await asyncio.shield(task)


async def finish_turns(grace_s: float) -> None:
    """Let the turns whose callers are gone come to their end, for so long, and what is told of them be sent."""
    if _turns:
        await asyncio.wait(_turns, timeout=grace_s)
    await drafts_sent()


def _forget(task: asyncio.Task[str]) -> None:
    _turns.discard(task)
    if not task.cancelled():
        task.exception()  # its caller may be gone: asked for here, so that it is never reported as unseen


async def _take(
    user: User, content: str, render: Render, request: KeyedRequest | None, also: Says | None
) -> str:
    opened = await _open(user, content, request or _unnamed(user))
    if isinstance(opened, Answered):
        return opened.answer
    async with _let_go_where_it_fails(opened.lease):
        with drafting(user.id, opened.user_message.id) as draft:
            async with _kept(opened.lease):
                await lane_settled(user.id)
                turn = await in_thread(prepare_turn, user, opened.user_message)
                answer = await _ask(turn, Both(draft, also) if also else draft)
            return await in_thread(_close, user, opened, turn, answer, render)


async def _open(user: User, content: str, request: KeyedRequest) -> Opened | Answered:
    """Store what the user wrote; wait where another request of theirs is being answered, or came before."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            while isinstance(opened := await in_thread(_store, user, content, request), UnderWay):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_AGAIN_S)  # the other one may be in another process
    except TimeoutError as error:
        raise StillUnderWay from error
    return opened


def _store(user: User, content: str, request: KeyedRequest) -> Opened | Answered | UnderWay:
    with transaction.atomic():
        lock_stream(user.id)
        key = request.key if _is_named(request) else None
        return open_request(request, lambda: accept_user_message(user, content, key))


def _unnamed(user: User) -> KeyedRequest:
    """A request without a key, under one that nobody else has."""
    return KeyedRequest(caller=user, key=f"unnamed {uuid4()}", digest=UNNAMED)


def _is_named(request: KeyedRequest) -> bool:
    return request.digest != UNNAMED


async def _ask(turn: CoachTurn, says: Says) -> CoachReply:
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await reply(turn, says)
    except CoachFailed as error:
        raise TurnFailed from error
    except Exception as error:  # whatever a provider may do: the user's message is stored
        logger.exception("the coach did not answer")
        raise TurnFailed from error


def _close(user: User, opened: Opened, turn: CoachTurn, answer: CoachReply, render: Render) -> str:
    """Accept the response and store the answer's text with it, unless the turn was overtaken."""
    provenance = Provenance(
        phase=turn.phase,
        prompt_version=answer.prompt_version,
        model=answer.model,
        idempotency_key=opened.user_message.idempotency_key,
        usage=answer.usage,
    )
    with transaction.atomic():
        lock_stream(user.id)
        if not ChatMessage.objects.filter(id=opened.user_message.id).exists():
            raise TurnOvertaken
        accepted = accept_response(user, answer.response, provenance, answer.left_out)
        text = render(TurnDone(user_message=opened.user_message, coach=accepted))
        if not close_request(opened.lease, text):
            raise TurnOvertaken
        return text


@asynccontextmanager
async def _kept(lease: Lease) -> AsyncIterator[None]:
    """Keep the request's lease while the coach thinks, and think no longer where it is lost, as by a reset."""
    try:
        async with asyncio.timeout(None) as thinking:
            renewing = asyncio.create_task(_renew(lease, thinking))
            try:
                yield
            finally:
                renewing.cancel()
    except TimeoutError as error:
        raise TurnOvertaken from error


@asynccontextmanager
async def _let_go_where_it_fails(lease: Lease) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await in_thread(_let_go, lease)
        raise


def _let_go(lease: Lease) -> None:
    try:
        give_up(lease)
    except Error as error:  # why the turn failed is more to the point
        logger.warning("the lease of a turn was not given up: %s", error)


async def _renew(lease: Lease, thinking: asyncio.Timeout) -> None:
    """Renew the lease, and end the thinking where that cannot be."""
    is_ours = True
    while is_ours:
        await asyncio.sleep(RENEW_S)
        try:
            is_ours = await in_thread(renew, lease)
        except Error as error:
            logger.warning("the lease of a turn was not renewed: %s", error)
    thinking.reschedule(asyncio.get_running_loop().time())
