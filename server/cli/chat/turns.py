"""Taking turns with the coach: each message is stored once, however often it is sent."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import Error as DatabaseFault
from pydantic import BaseModel

from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.cli.chat.screen import Screen, Writing
from server.enums.message_role import MessageRole
from server.services.action_queue.idempotency import KeyedRequest, KeyReused, digest_of
from server.services.coach.turn import StillUnderWay, TurnDone, TurnFailed, TurnOvertaken, take_turn
from server.services.event_stream.drafts import drafts_sent

OURS = "coach chat "
DATABASE_AWAY = "The database does not answer just now."
FINISHING = "The coach finishes its answer first. Ctrl-C once more leaves without it."


class Left(Exception):
    """You left before the coach had answered. Your message is kept: the next `coach chat` can ask for the answer."""

    def __str__(self) -> str:
        return str(self.__doc__)


class Answer(BaseModel):
    """What is kept as the answer to a message."""

    message: str
    action_ids: list[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A message that has no answer yet, and the key under which it is sent."""

    content: str
    key: str

    @classmethod
    def new(cls, content: str) -> "Unanswered":
        return cls(content=content, key=f"{OURS}{uuid4()}")

    @classmethod
    def last_of(cls, user: User) -> "Unanswered | None":
        """The user's last message, if it was written here and has no answer."""
        last = ChatMessage.objects.filter(user=user).newest_first().first()
        if last is None or last.role is not MessageRole.USER or not last.idempotency_key:
            return None
        if not last.idempotency_key.startswith(OURS):
            return None
        return cls(content=last.content, key=last.idempotency_key)


class Turns:
    """The turns of one conversation, taken in one event loop, which keeps the connections to the model's server."""

    def __init__(self, user: User, screen: Screen, runner: asyncio.Runner) -> None:
        self._user = user
        self._screen = screen
        self._runner = runner
        self._task: asyncio.Task[str] | None = None
        self.unanswered: Unanswered | None = None
        self.is_interrupted = False

    def take(self, message: Unanswered) -> Answer | None:
        """Send the message and show the answer while it is written; None, and why, where there is none.

        Ctrl-C lets the turn come to its end; `is_interrupted` tells of it. Raises `Left` at the second one.
        """
        self.unanswered = message
        writing = Writing(self._screen)
        try:
            answer = Answer.model_validate_json(self._finish(message, writing))
        except (TurnFailed, StillUnderWay, TurnOvertaken, KeyReused, DatabaseFault) as error:
            writing.broken_off()
            self._tell(error)
            return None
        writing.done(answer.message)
        self.unanswered = None
        return answer

    def _finish(self, message: Unanswered, writing: Writing) -> str:
        try:
            return self._runner.run(self._begin(message, writing))
        except KeyboardInterrupt:
            self.is_interrupted = True
        self._screen.piece("\n")
        self._screen.notice(FINISHING)
        try:
            return self._runner.run(self._await_end())
        except KeyboardInterrupt as again:
            raise Left from again

    async def _begin(self, message: Unanswered, writing: Writing) -> str:
        digest = digest_of("coach chat", message.content)
        request = KeyedRequest(caller=self._user, key=message.key, digest=digest)
        self._task = asyncio.create_task(take_turn(self._user, message.content, _kept, request, also=writing))
        return await self._await_end()

    async def _await_end(self) -> str:
        if self._task is None:
            raise Left
        try:
            return await asyncio.shield(self._task)
        finally:
            await drafts_sent()  # the loop stands still while the user writes

    def _tell(self, error: Exception) -> None:
        if isinstance(error, TurnOvertaken | KeyReused):
            self.unanswered = None
            self._screen.warn(str(error))
            return
        why = DATABASE_AWAY if isinstance(error, DatabaseFault) else str(error)
        self._screen.warn(why)
        self._screen.notice("Try again: an empty line, or /again. It is not stored twice.")


def _kept(turn: TurnDone) -> str:
    ids = [action.id for action in turn.coach.actions]
    return Answer(message=turn.coach.message.content, action_ids=ids).model_dump_json()
