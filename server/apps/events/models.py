"""What clients are told, kept so that one who was away misses nothing."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.fields import EnumField
from server.enums.event_kind import EventKind


class EventStream(models.Model):
    """One per user: the last cursor given out, and the last one that can no longer be served.

    Its row is the lock under which cursors are given out, so that they rise in commit order.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    last_cursor = models.BigIntegerField(default=0)
    trimmed_cursor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "event_streams"

    def __str__(self) -> str:
        return f"events of {self.user_id} up to {self.last_cursor}"


class Event(models.Model):
    """One thing told. `data` holds what may change later (an action's status then); the rest is read from its row.

    The pointers to rows have neither index nor constraint: every action writes here, nothing is looked up by them, and
    an event whose row is gone is trimmed with it.
    """

    pk = models.CompositePrimaryKey("user_id", "cursor")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    cursor = models.BigIntegerField()
    kind = EnumField(EventKind)
    action = models.ForeignKey(
        Action, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    message = models.ForeignKey(
        ChatMessage,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    data = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "events"

    def __str__(self) -> str:
        return f"{self.kind} {self.cursor}"
