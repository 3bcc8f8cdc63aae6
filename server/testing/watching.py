"""What a handler may not do, seen while it runs in a test: the executor has no way to see it, and would let it pass."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import currentframe
from types import FrameType, MappingProxyType
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection
from django.db.transaction import Atomic

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.action_type import ActionType
from server.enums.made_wrong import file_of
from server.services.action_handler import handler as executor
from server.services.action_handler.handlers import Handler
from server.services.action_handler.outcomes import Applied, NoSentenceError, Rejected, Skipped

OWN_TABLES = frozenset({"coach_states", "identities", "user_notes"})
"""What a handler may write."""

COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
WRITES = re.compile(
    r"(?:INSERT\s+INTO|(?<!FOR\s)(?<!KEY\s)(?<!DO\s)UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?(?:\"?public\"?\.)?\"?(\w+)",
    re.IGNORECASE,
)
READS_ACTIONS = re.compile(r"\b(?:FROM|JOIN)\s+\"?actions\b", re.IGNORECASE)
TRANSACTIONS = re.compile(r"\s*(?:BEGIN|START|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b", re.IGNORECASE)
OF_ROWS = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
REACHES_OUT = frozenset(
    {"socket.connect", "socket.sendto", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"}
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ROWS_OF_OTHERS = " UNION ALL ".join(
    f"SELECT '{table}', count(*), sum(hashtextextended(id::text || xmin::text, 0)::numeric) "
    f"FROM {table} WHERE user_id <> %s"
    for table in sorted(OWN_TABLES)
)
"""What is written to a row, by a transaction or within one, changes its `xmin`."""
A_TRANSACTION = "opens a transaction of its own, or waits for the commit: leave both to the executor"


class Trespass(AssertionError):
    """A handler did what is not for it to do; the message names its file and the mend."""


class _Watch:
    """What the handlers that run now did wrong."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_on = False
        self._user_id: UUID | None = None
        self._of_others: list[Any] | None = None

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        written = self._look_at(str(sql))
        if written & OWN_TABLES and self._of_others is None:
            self._of_others = _rows_of_others(self._user_id)
        return execute(sql, *rest)

    def compare_rows_of_others(self) -> None:
        """Sees what was written since the first write; a handler that only reads costs no look at them."""
        if self._of_others is not None and _rows_of_others(self._user_id) != self._of_others:
            self.seen.append(
                "writes to the rows of another user: look ids up by own_rows.py, and filter by coach_state.user_id"
            )

    def _look_at(self, sql: str) -> set[str]:
        sql = COMMENTS.sub(" ", sql)
        written = {table.lower() for table in WRITES.findall(sql)}
        others = sorted(written - OWN_TABLES)
        if TRANSACTIONS.match(sql):
            self.seen.append(A_TRANSACTION)
        elif READS_ACTIONS.search(sql) or "actions" in written:
            self.seen.append("touches other actions: change the user's state and answer an outcome")
        elif others:
            self.seen.append(f"writes to {others[0]!r}: it may write to {', '.join(sorted(OWN_TABLES))}")
        elif not OF_ROWS.match(sql):
            self.seen.append(
                f"runs {' '.join(sql.split())[:40]!r}: it may read and write rows, and nothing else"
            )
        return written

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        if self.is_on and (event in REACHES_OUT or (event == "open" and _is_written(*details))):
            self.seen.append(f"reaches out of the process ({event}): a handler changes rows and nothing else")

    @contextmanager
    def looking(self, user_id: UUID) -> Iterator[None]:
        """Sees what the block does for this user; `atomic` asks the database nothing where it needs no savepoint."""
        waiting = len(connection.run_on_commit)
        entering = patch.object(Atomic, "__enter__", self._seeing(Atomic.__enter__))
        self._user_id, self._of_others = user_id, None
        self.is_on = True
        try:
            with connection.execute_wrapper(self), entering:
                yield
        finally:
            self.is_on = False
            if len(connection.run_on_commit) > waiting:
                self.seen.append(A_TRANSACTION)

    def _seeing(self, enter: Callable[[Atomic], None]) -> Callable[[Atomic], None]:
        def seen(atomic: Atomic) -> None:
            if not _is_of_django(currentframe()):
                self.seen.append(A_TRANSACTION)
            enter(atomic)

        return seen


def _rows_of_others(user_id: UUID | None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS_OF_OTHERS, [user_id for _ in OWN_TABLES])
        found: list[Any] = cursor.fetchall()
        return found


def _is_of_django(frame: FrameType | None) -> bool:
    """Whether Django called: its own `save` and `delete` open a block, which is none of the handler's."""
    caller = frame.f_back if frame else None
    return caller is not None and str(caller.f_globals.get("__name__", "")).startswith("django.")


def _is_written(path: object, mode: object, flags: object) -> bool:
    """Whether a file is opened to be written; what Python writes of its own when it imports does not count."""
    return isinstance(flags, int) and bool(flags & WRITING) and ".pyc" not in str(path)


_WATCH = _Watch()
sys.addaudithook(_WATCH.hear)


@contextmanager
def watched() -> Iterator[None]:
    """Look at every handler that runs in this process inside the block.

    Raises `Trespass` at its end where one answered no outcome, opened a transaction, touched other rows than the user's
    state, or reached out of the process. Rows of other users must stand still meanwhile.
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
        before = len(_WATCH.seen)
        try:
            with _WATCH.looking(coach_state.user_id):
                outcome: Any = handler(coach_state, params, coach_message)
            _WATCH.compare_rows_of_others()
        except NoSentenceError as error:
            _WATCH.seen.append(str(error))
            raise
        finally:
            place = f"{file_of(handler.__module__)}: {action_type.value}"
            _WATCH.seen[before:] = [f"{place} {said}." for said in _WATCH.seen[before:]]
        if not isinstance(outcome, Applied | Skipped | Rejected):
            _WATCH.seen.append(f"{place} answers {outcome!r}: return Applied, Skipped or Rejected.")
        return outcome

    return run
