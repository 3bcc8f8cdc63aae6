"""The conversation."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from server.apps.fields import EnumField, NextValue
from server.enums.coaching_phase import CoachingPhase
from server.enums.message_role import MessageRole

MAX_KEY = 255
"""How long an idempotency key may be."""


class ChatMessageQuerySet(models.QuerySet["ChatMessage"]):
    def newest_first(self) -> Self:
        return self.order_by("-seq")


class ChatMessage(models.Model):
    """One message; a coach's keeps the raw structured response that it came from.

    `phase` is the one that the coach was asked in; for a response posted by a program it is filled in when the
    response's first action comes up. `seq` orders a user's messages. Both messages of a turn bear the idempotency key
    of its request, if that had one. The tokens and what they cost are null where no model was asked, or where it does
    not say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(db_default=NextValue("chat_message_seq"), editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_messages")
    role = EnumField(MessageRole)
    content = models.TextField()
    response = models.JSONField(null=True, blank=True)
    phase = EnumField(CoachingPhase, null=True, blank=True)
    prompt_version = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=128, blank=True)
    idempotency_key = models.CharField(max_length=MAX_KEY, null=True, blank=True, editable=False)
    input_tokens = models.IntegerField(null=True, blank=True)
    cached_input_tokens = models.IntegerField(null=True, blank=True)
    output_tokens = models.IntegerField(null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=16, decimal_places=10, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        db_table = "chat_messages"
        indexes = [models.Index(fields=["user", "-seq"], name="chat_message_user_seq")]

    def __str__(self) -> str:
        return f"{self.role}: {self.content[:60]}"


class IdempotencyKey(models.Model):
    """One request that may be sent again: what it asked (`digest`) and, once known, the answer's text.

    While `answer` is null the request is under way with `holder` until `expires_at`, or waits until then where there is
    none; after that another may take it over, and goes on from `user_message`, if that was stored.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_KEY)
    digest = models.CharField(max_length=64)
    user_message = models.ForeignKey(
        ChatMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(null=True, blank=True)
    holder = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "idempotency_keys"
        constraints = [models.UniqueConstraint("user", "key", name="idempotency_key_unique_per_user")]

    def __str__(self) -> str:
        return self.key
