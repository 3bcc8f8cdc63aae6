"""Coach states in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin, WhoFilter
from server.apps.coach_states.models import CoachState


@admin.register(CoachState)
class CoachStateAdmin(ReadOnlyAdmin):
    list_display = ("user", "current_phase", "identity_focus", "current_identity", "updated_at")
    list_select_related = ("user", "current_identity")
    list_filter = (WhoFilter, "current_phase")
    search_fields = ("user__email",)
    ordering = ("-updated_at",)
