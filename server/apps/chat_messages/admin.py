"""The conversation in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin, WhoFilter
from server.apps.chat_messages.models import ChatMessage, IdempotencyKey


@admin.register(ChatMessage)
class ChatMessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "role", "beginning", "phase", "model")
    list_select_related = ("user",)
    list_filter = (WhoFilter, "role", "phase")
    search_fields = ("id__startswith", "user__email", "content")
    ordering = ("-seq",)
    fields = (
        *("id", "user", "role", "content", "response", "phase", "prompt_version", "model", "idempotency_key"),
        *("input_tokens", "cached_input_tokens", "output_tokens", "cost_usd", "created_at"),
    )

    @admin.display(description="message")
    def beginning(self, message: ChatMessage) -> str:
        return message.content if len(message.content) <= 80 else f"{message.content[:79]}…"


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("key", "user", "created_at", "expires_at")
    list_select_related = ("user",)
    list_filter = (WhoFilter,)
    search_fields = ("key", "user__email")
    ordering = ("-created_at",)
