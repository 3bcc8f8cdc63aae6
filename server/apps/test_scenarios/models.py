"""Recorded conversations that can be replayed, and their replays."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from server.apps.fields import EnumField
from server.enums.replay_status import OPEN_REPLAY_STATUSES, ReplayStatus

SILENCE = timedelta(seconds=60)
"""An open replay from which nothing was heard for so long has lost its process, which speaks every second."""

ITS_PROCESS_IS_GONE = "Its process was gone before it had ended."


class ReplayRunQuerySet(models.QuerySet["ReplayRun"]):
    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=OPEN_REPLAY_STATUSES)

    def end(self, state: ReplayStatus, *, reason: str = "", **came_to: Any) -> int:
        """Let the open ones of them end so, having come to these fields; answers how many there were."""
        return self.open().update(state=state, reason=reason, ended_at=Now(), **came_to)

    def end_silent(self) -> int:
        """Let those fail whose process is gone; answers how many there were."""
        silent = self.filter(beat_at__lt=Now() - SILENCE)
        return silent.end(ReplayStatus.FAILED, reason=ITS_PROCESS_IS_GONE)


class ReplayRun(models.Model):
    """One replay through the queue, begun by staff on a page or by the command.

    `started_by` is an email, empty for the command. `scenario_ids` are those of the library that a page asked for.
    `done` of `total` copies have ended, and `differing` scenarios are known not to be as expected. `results` is what
    `coach replay --json` writes, `report` the HTML page. Only its own process writes to an open one, but for
    `stop_wanted`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = EnumField(ReplayStatus, default=ReplayStatus.STARTING)
    started_by = models.CharField(max_length=254, blank=True)
    scenario_ids = models.JSONField(default=list)
    names = models.JSONField(default=list)
    copies = models.PositiveIntegerField(default=1)
    keeps_users = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)
    actions = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    stop_wanted = models.BooleanField(default=False)
    results = models.JSONField(null=True)
    report = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    beat_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    objects = ReplayRunQuerySet.as_manager()

    class Meta:
        db_table = "replay_runs"
        indexes = [
            models.Index("created_at", "id", name="replay_run_age"),
            models.Index(
                "beat_at",
                name="replay_run_open",
                condition=models.Q(state__in=sorted(status.value for status in OPEN_REPLAY_STATUSES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REPLAY_STATUSES

    @property
    def has_report(self) -> bool:
        """Whether it came to its end; the report may be deferred."""
        return self.state in {ReplayStatus.AS_EXPECTED, ReplayStatus.DIFFERS}


class TestScenarioQuerySet(models.QuerySet["TestScenario"]):
    def library(self) -> Self:
        """Those that are kept to be replayed."""
        return self.filter(in_library=True)

    def left_over(self) -> Self:
        """Those that a replay made for its users, and had no time to remove."""
        ended = models.Q(run__isnull=False) & ~models.Q(run__state__in=OPEN_REPLAY_STATUSES)
        return self.filter(ended, run__keeps_users=False)

    def remove_left_over(self) -> Iterator[int]:
        """Remove them with their users, one in a transaction; answers how many scenarios each of these removed."""
        ReplayRun.objects.end_silent()
        for row in self.left_over():
            for user in row.users.all():
                user.delete()
                yield 0
            row.delete()
            yield 1


class TestScenario(models.Model):
    """A scenario (its file format is in the docs), in the library or in a run.

    Those of the library have the file's `content`, which asks for so many actions in so many turns. Those that a run
    makes have none: the users made for the run point to them, and are kept apart from people.
    """

    __test__ = False  # not a test class, whatever pytest thinks of the name

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    content = models.JSONField(default=dict, blank=True)
    turns = models.PositiveIntegerField(db_default=0)
    actions_asked = models.PositiveIntegerField(db_default=0)
    in_library = models.BooleanField(db_default=False)  # by the database: an older version adds rows, too
    added_by = models.CharField(max_length=254, blank=True, db_default="")
    run = models.ForeignKey(ReplayRun, null=True, on_delete=models.SET_NULL, related_name="test_scenarios")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TestScenarioQuerySet.as_manager()

    class Meta:
        db_table = "test_scenarios"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(in_library=True), name="scenario_name_unique_in_library"
            )
        ]

    def __str__(self) -> str:
        return self.name
