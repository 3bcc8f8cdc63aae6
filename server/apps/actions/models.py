"""The Action table: the queue entry, the outbox entry and the log entry of each action, in one row."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from server.apps.actions.queries import ActionQuerySet
from server.apps.chat_messages.models import ChatMessage
from server.apps.fields import EnumField, NextValue
from server.apps.test_scenarios.models import TestScenario
from server.enums.action_status import ENDED_STATUSES, OPEN_STATUSES, ActionStatus
from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind

OPEN = Q(status__in=sorted(OPEN_STATUSES))


class Action(models.Model):
    """Whose an action is, what it is, and what became of it. Only the verbs of `queries.py` write `status`.

    `seq` orders a user's actions: their lane. `attempt` counts attempts begun. `due_at` is when it may be claimed,
    `published_at` when a message was last sent for it; `lease_until` and `holder` with `holder_since` (the PostgreSQL
    session's process id and start) say who is running it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="actions", db_index=False
    )
    coach_message = models.ForeignKey(
        ChatMessage, null=True, on_delete=models.SET_NULL, related_name="actions", db_index=False
    )
    test_scenario = models.ForeignKey(
        TestScenario, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField(db_default=NextValue("action_seq"), editable=False)
    action_type = EnumField(ActionType)
    params_version = models.PositiveSmallIntegerField(default=1)
    parameters = models.JSONField()
    status = EnumField(ActionStatus, default=ActionStatus.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    result_summary = models.TextField(blank=True, default="")
    error_kind = EnumField(ErrorKind, null=True, blank=True)
    error_message = models.TextField(blank=True, default="")
    traceback = models.TextField(blank=True, default="")
    queued_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    holder = models.IntegerField(null=True, blank=True)
    holder_since = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        db_table = "actions"
        constraints = [
            models.UniqueConstraint("coach_message", "position", name="action_position_unique_per_message"),
            models.UniqueConstraint(
                "user", condition=Q(status="running"), name="action_one_running_per_user"
            ),
            models.CheckConstraint(
                name="action_attempts_within_limit", condition=Q(attempt__lte=models.F("max_attempts"))
            ),
            models.CheckConstraint(
                name="action_finished_when_ended",
                condition=Q(status__in=sorted(ENDED_STATUSES), finished_at__isnull=False)
                | (~Q(status__in=sorted(ENDED_STATUSES)) & Q(finished_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-seq"], name="action_user_seq"),
            models.Index(fields=["user", "seq"], condition=OPEN, name="action_lane"),
            models.Index(
                fields=["status", "seq"], condition=Q(status__in=["dead", "parked"]), name="action_troubled"
            ),
            models.Index(fields=["finished_at"], condition=~Q(traceback=""), name="action_traced"),
            models.Index(
                fields=["test_scenario"], condition=Q(test_scenario__isnull=False), name="action_of_scenario"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_type} {self.id}"

    @property
    def label(self) -> str:
        """The action type's name for people; the wire id where this version does not know the type."""
        return self.action_type.label if isinstance(self.action_type, ActionType) else str(self.action_type)


class OperatorEntry(models.Model):
    """The audit of an operator's verb: who did what to which action, and where it stood."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="operator_entries")
    verb = models.CharField(max_length=16)
    operator = models.CharField(max_length=255)
    from_status = EnumField(ActionStatus)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "operator_entries"
        verbose_name_plural = "operator entries"

    def __str__(self) -> str:
        return f"{self.verb} by {self.operator}"


RELAY_SILENCE_S = 10.0
"""A relay that has not said for so long that it runs does not."""


class Heartbeat(models.Model):
    """When a role last said that it runs; as `prune`, which is no role, when a relay last began to remove old rows."""

    role = models.CharField(max_length=32, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        db_table = "heartbeats"

    def __str__(self) -> str:
        return f"{self.role} at {self.beat_at}"
