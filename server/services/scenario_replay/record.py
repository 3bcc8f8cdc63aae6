"""What a replay writes of itself into its row, so that the staff pages can tell how it stands."""

import time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.enums.replay_status import ReplayStatus

BEAT_EVERY_S = 1.0

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('replay_runs'))"


class UnderWay(Exception):
    """A page asks for a replay while another that one asked for has not ended. The message says what to do."""


class Stopped(Exception):
    """Somebody wants the replay to stop, or has given it up for lost."""

    def __init__(self) -> None:
        super().__init__("The replay was stopped from the staff pages.")


def ask_for(ids: list[UUID], *, copies: int, started_by: str) -> ReplayRun:
    """The row of a replay of these scenarios of the library, for a process that is to be started now.

    Raises `UnderWay`, and `TestScenario.DoesNotExist` where one of them is not there.
    """
    names = dict(TestScenario.objects.library().filter(id__in=ids).values_list("id", "name"))
    if missing := [str(row_id) for row_id in ids if row_id not in names]:
        raise TestScenario.DoesNotExist(missing[0])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        ReplayRun.objects.end_silent()
        if ReplayRun.objects.open().exclude(started_by="").exists():
            raise UnderWay("A replay is under way: wait for its end, or stop it.")
        return ReplayRun.objects.create(
            started_by=started_by,
            scenario_ids=[str(row_id) for row_id in ids],
            names=[names[row_id] for row_id in ids],
            copies=copies,
            total=copies * len(ids),
        )


class Record:
    """The row of a replay that runs in this process. To begin is to write that it runs."""

    def __init__(self, run: ReplayRun) -> None:
        self.run = run
        self._beaten_at = 0.0
        if not ReplayRun.objects.filter(pk=run.pk).open().update(state=ReplayStatus.RUNNING, beat_at=Now()):
            raise Stopped

    def beat(self, *, done: int, differing: int) -> None:
        """Say how far it is, once a second. Raises `Stopped`."""
        if time.monotonic() - self._beaten_at < BEAT_EVERY_S:
            return
        self._beaten_at = time.monotonic()
        own = ReplayRun.objects.filter(pk=self.run.pk).open()
        own.update(done=done, differing=differing, beat_at=Now())
        if not own.filter(stop_wanted=False).exists():
            raise Stopped

    def tell(self, **fields: Any) -> None:
        """Write what it came to, before its end."""
        ReplayRun.objects.filter(pk=self.run.pk).update(**fields)

    def end(self, state: ReplayStatus, *, reason: str = "") -> None:
        """Write how it ended, unless that is written already."""
        ReplayRun.objects.filter(pk=self.run.pk).end(state, reason=reason)
