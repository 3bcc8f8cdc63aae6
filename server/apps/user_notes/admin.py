"""User notes in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin, WhoFilter
from server.apps.user_notes.models import UserNote


@admin.register(UserNote)
class UserNoteAdmin(ReadOnlyAdmin):
    list_display = ("note", "user", "created_at")
    list_select_related = ("user",)
    list_filter = (WhoFilter,)
    search_fields = ("note", "user__email")
    ordering = ("-created_at",)
    fields = ("id", "user", "note", "coach_message", "created_at")
