"""The row of a replay: asking for one, and what the one that runs writes of itself for the staff pages."""

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models.functions import Now

from server.apps.test_scenarios.models import ReplayRun, ReplayRunQuerySet, TestScenario
from server.enums.replay_status import ReplayStatus
from server.services.scenario_replay.library import NotInLibrary

logger = logging.getLogger(__name__)

BEAT_EVERY_S = 1.0
END_S = 5.0
FROM_A_PAGE = "The replay was stopped from the staff pages."
IS_GONE = "It was removed while it ran."

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('replay_runs'))"


class ReplayUnderWay(Exception):
    """A page asks for a replay while another that one asked for has not ended. The message says what to do."""


class Stopped(Exception):
    """The replay is not to go on. The message says why."""


def ask_for(ids: list[UUID], *, copies: int, started_by: str) -> ReplayRun:
    """The row of a replay of these scenarios of the library, for a process that is to be started now.

    Raises `ReplayUnderWay`, and `NotInLibrary` where one of them is not there.
    """
    names = dict(TestScenario.objects.library().filter(id__in=ids).values_list("id", "name"))
    if missing := [row_id for row_id in ids if row_id not in names]:
        raise NotInLibrary(f"there is no scenario {missing[0]}: load the list again")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        ReplayRun.objects.end_silent()
        if ReplayRun.objects.open().exclude(started_by="").exists():
            raise ReplayUnderWay("A replay is under way: wait for its end, or stop it.")
        return ReplayRun.objects.create(
            started_by=started_by,
            scenario_ids=[str(row_id) for row_id in ids],
            names=[names[row_id] for row_id in ids],
            copies=copies,
            total=copies * len(ids),
        )


class RunRow:
    """The row of a replay that runs in this process, for the length of a block.

    A thread of its own says every second that it runs and how far it is: whatever the replay is busy with, and however
    long, nobody takes it for lost.
    """

    def __init__(self, run: ReplayRun) -> None:
        self.run = run
        self._progress = {"done": 0, "differing": 0}
        self._stop_because = ""
        self._is_over = Event()
        self._thread = Thread(target=self._beat_until_it_is_over, name="replay-beat", daemon=True)

    def __enter__(self) -> Self:
        """Write that it runs. Raises `Stopped` where it was given up before it began."""
        if not self._rows().open().update(state=ReplayStatus.RUNNING, beat_at=Now()):
            raise Stopped(self._why_to_stop())
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join(END_S)

    def go_on(self, *, done: int, differing: int) -> None:
        """Say how far it is. Raises `Stopped` where somebody wants it to stop, or has given it up for lost."""
        self._progress = {"done": done, "differing": differing}
        if self._stop_because:
            raise Stopped(self._stop_because)

    def end(self, state: ReplayStatus, **came_to: Any) -> None:
        """Write, in one statement, how it ended and what it came to. Raises `Stopped` where it was given up before."""
        if not self._rows().end(state, **came_to):
            raise Stopped(self._why_to_stop())

    def end_early(self, state: ReplayStatus, reason: str) -> None:
        """Write that it did not come to its end, where the database lets it, unless its end is written already."""
        connection.close()  # it may be what ended it
        try:
            self._rows().end(state, reason=reason)
        except DatabaseFault as error:
            logger.warning("the end of the replay could not be written: %s", error)

    def _rows(self) -> ReplayRunQuerySet:
        return ReplayRun.objects.filter(pk=self.run.pk)

    def _beat_until_it_is_over(self) -> None:
        try:
            while not self._is_over.wait(BEAT_EVERY_S):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            self._rows().open().update(beat_at=Now(), **self._progress)
            self._stop_because = self._why_to_stop()
        except DatabaseFault as error:
            logger.warning("how far the replay is could not be written: %s", error)
            connection.close()

    def _why_to_stop(self) -> str:
        run = self._rows().only("state", "stop_wanted", "reason").first()
        if run is None:
            return IS_GONE
        if not run.is_open:
            return run.reason or FROM_A_PAGE
        return FROM_A_PAGE if run.stop_wanted else ""
