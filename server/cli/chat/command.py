"""`coach chat`."""

import asyncio
import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer
from django.db import Error as DatabaseFault
from django.db import close_old_connections
from pydantic import ValidationError

from server.api.schemas import PostedMessage
from server.apps.users.models import User
from server.cli.chat.lines import Lines, lines_of
from server.cli.chat.outcomes import show_outcomes
from server.cli.chat.picture import show_last_messages, show_state
from server.cli.chat.screen import Screen
from server.cli.chat.surroundings import notices
from server.cli.chat.turns import DATABASE_AWAY, Left, Turns, Unanswered
from server.cli.database import database
from server.cli.errors import DidNotHoldError
from server.cli.users import user_of
from server.services.action_queue.reset import reset_chat
from server.services.coach.provider import provider

app = typer.Typer()

YES = "yes"


class Command(StrEnum):
    """What a line may ask for, beside being said to the coach."""

    AGAIN = "/again"
    STATE = "/state"
    RESET = "/reset"
    HELP = "/help"
    QUIT = "/quit"


WHAT_THEY_DO: Mapping[Command, str] = {
    Command.AGAIN: "ask once more for the answer that did not come; an empty line does it too",
    Command.STATE: "the phase, the identities and the notes",
    Command.RESET: "start over: clears the chat and all that came of it",
    Command.HELP: "this list",
    Command.QUIT: "leave; Ctrl-D and Ctrl-C do it too",
}


@app.command()
def chat(
    email: Annotated[str, typer.Option(help="The user who talks to the coach.")],
    message: Annotated[
        list[str] | None,
        typer.Option(help="Say this and leave; several are said in order.", show_default="asked for"),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show the log too: why an answer did not come.")
    ] = False,
) -> None:
    """Talk to the coach. Its message is shown while it is written, its actions as they settle.

    A worker and the relay apply the actions: run this beside `coach up`.

    A pipe is read as one message a line. Lines that begin with / are commands:

    /again, or an empty line: ask once more for the answer that did not come; nothing is stored twice.

    /state: the phase, the identities and the notes. /reset: start over, after a yes. /help.

    /quit, Ctrl-D or Ctrl-C: leave; an answer that is being written comes to its end first.

    The exit code is 1 where the last message has no answer in the end.
    """
    if not verbose:
        logging.getLogger("server").setLevel(logging.CRITICAL)
    screen = Screen()
    with database(), asyncio.Runner() as runner:
        user = user_of(email)
        turns = Turns(user, screen, runner)
        conversation = Conversation(user, screen, lines_of(screen, message or []), turns)
        try:
            conversation.hold()
        finally:
            runner.run(provider().aclose())


class Conversation:
    """From the first line to the last."""

    def __init__(self, user: User, screen: Screen, lines: Lines, turns: Turns) -> None:
        self._user = user
        self._screen = screen
        self._lines = lines
        self._turns = turns

    def hold(self) -> None:
        """Raises `DidNotHoldError` where the last message has no answer in the end, and a script wants to know."""
        try:
            self._begin()
            self._until_the_end()
        except KeyboardInterrupt:
            self._screen.piece("\n")
        except Left as left:
            self._screen.piece("\n")
            raise DidNotHoldError(str(left)) from left
        if self._turns.unanswered and not self._lines.by_hand:
            raise DidNotHoldError("The last message has no answer yet.")

    def _begin(self) -> None:
        self._screen.notice(f"You are {self._user.email}. {Command.HELP} lists what can be done here.")
        for notice in notices(self._user):
            self._screen.notice(notice)
        show_last_messages(self._user, self._screen)
        if unanswered := Unanswered.last_of(self._user):
            self._turns.unanswered = unanswered
            self._screen.notice(f"This has no answer yet: an empty line, or {Command.AGAIN}, asks once more.")

    def _until_the_end(self) -> None:
        while not self._turns.is_interrupted and (line := self._lines.next()) is not None:
            if line.strip() == Command.QUIT:
                return
            try:
                close_old_connections()
                self._obey(line)
            except DatabaseFault:
                self._screen.warn(f"{DATABASE_AWAY} Try again in a moment.")

    def _obey(self, line: str) -> None:
        match line.strip():
            case "" | Command.AGAIN as word:
                self._again(asked=bool(word))
            case Command.STATE:
                show_state(self._user, self._screen)
            case Command.RESET:
                self._reset()
            case Command.HELP:
                self._help()
            case word if word.startswith("/"):
                self._screen.warn(
                    f"There is no command {word.split()[0]!r}: {Command.HELP} lists those that there are."
                )
            case _:
                self._say(line)

    def _say(self, text: str) -> None:
        try:
            content = PostedMessage(content=text).content
        except ValidationError as error:
            self._screen.warn(
                f"This cannot be sent: {error.errors()[0]['msg'].removeprefix('Value error, ')}."
            )
            return
        self._take(Unanswered.new(content))

    def _again(self, *, asked: bool) -> None:
        if self._turns.unanswered:
            self._take(self._turns.unanswered)
        elif asked:
            self._screen.notice("Every message has its answer.")

    def _take(self, message: Unanswered) -> None:
        if answer := self._turns.take(message):
            show_outcomes(self._user, answer.action_ids, self._screen)

    def _reset(self) -> None:
        self._screen.notice("This clears the chat, the identities and the notes, and cancels what waits.")
        answer = self._lines.next(f"Type {YES} to start over: ")
        if answer is None or answer.strip().lower() != YES:
            self._screen.notice("Nothing was changed.")
            return
        reset_chat(self._user)
        self._turns.unanswered = None
        self._screen.notice("You start over.")

    def _help(self) -> None:
        for name, what in WHAT_THEY_DO.items():
            self._screen.line(f"{name:<8}{what}")
