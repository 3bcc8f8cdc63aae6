"""What the coach remembers about a user."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from server.apps.chat_messages.models import ChatMessage


class UserNote(models.Model):
    """One fact about a user, and the message it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="user_notes")
    note = models.TextField()
    coach_message = models.ForeignKey(
        ChatMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "user_notes"
        indexes = [models.Index(fields=["user", "created_at"], name="user_note_user_age")]

    def __str__(self) -> str:
        return self.note[:60]

    def change(self, *, note: str) -> None:
        """Let it read otherwise."""
        self.note = note
        self.save(update_fields=["note"])
