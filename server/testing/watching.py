"""What a handler may not do, seen while it runs in a test: the executor has no way to see it, and would let it pass."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from django.db import connection

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.action_type import ActionType
from server.services.action_handler import handler as executor
from server.services.action_handler.handlers import Handler
from server.services.action_handler.models.base import file_of
from server.services.action_handler.outcomes import Applied, Rejected, Skipped

OWN_TABLES = frozenset({"coach_states", "identities", "user_notes"})
"""What a handler may write."""

WRITES = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
READS_ACTIONS = re.compile(r"\b(?:FROM|JOIN)\s+\"?actions\b", re.IGNORECASE)
TRANSACTIONS = re.compile(r"\s*(?:BEGIN|START|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b", re.IGNORECASE)
NETWORK = frozenset({"socket.connect", "socket.getaddrinfo", "subprocess.Popen"})


class Trespass(AssertionError):
    """A handler did what is not for it to do; the message names its file and the mend."""


class _Watch:
    """What the handlers that run now did wrong."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_on = False

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        self._look_at(str(sql))
        return execute(sql, *rest)

    def _look_at(self, sql: str) -> None:
        written = WRITES.match(sql)
        if TRANSACTIONS.match(sql):
            self.seen.append("opens a transaction of its own: leave that to the executor")
        elif READS_ACTIONS.search(sql) or (written and written[1] == "actions"):
            self.seen.append("touches other actions: change the user's state and answer an outcome")
        elif written and written[1] not in OWN_TABLES:
            self.seen.append(f"writes to {written[1]!r}: it may write to {', '.join(sorted(OWN_TABLES))}")

    def hear(self, event: str) -> None:
        if self.is_on and event in NETWORK:
            self.seen.append(f"reaches out of the process ({event}): a handler changes rows and nothing else")


_WATCH = _Watch()
sys.addaudithook(lambda event, _: _WATCH.hear(event))


@contextmanager
def watched() -> Iterator[None]:
    """Look at every handler that runs in this process inside the block.

    Raises `Trespass` at its end where one answered no outcome, opened a transaction, touched other rows than the user's
    state, or reached out of the process.
    """
    handlers, _WATCH.seen = executor.ACTION_HANDLERS, []
    executor.ACTION_HANDLERS = MappingProxyType(
        {action_type: _watched(action_type, handler) for action_type, handler in handlers.items()}
    )
    try:
        yield
    finally:
        executor.ACTION_HANDLERS = handlers
    if _WATCH.seen:
        raise Trespass(_WATCH.seen[0])


def _watched(action_type: ActionType, handler: Handler) -> Handler:
    def run(coach_state: CoachState, params: Any, coach_message: ChatMessage | None) -> Any:
        before, _WATCH.is_on = len(_WATCH.seen), True
        try:
            with connection.execute_wrapper(_WATCH):
                outcome: Any = handler(coach_state, params, coach_message)
        finally:
            _WATCH.is_on = False
            place = f"{file_of(handler.__module__)}: {action_type.value}"
            _WATCH.seen[before:] = [f"{place} {said}." for said in _WATCH.seen[before:]]
        if not isinstance(outcome, Applied | Skipped | Rejected):
            _WATCH.seen.append(f"{place} answers {outcome!r}: return Applied, Skipped or Rejected.")
        return outcome

    return run
