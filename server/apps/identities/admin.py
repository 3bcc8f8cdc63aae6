"""Identities in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin, WhoFilter
from server.apps.identities.models import Identity


@admin.register(Identity)
class IdentityAdmin(ReadOnlyAdmin):
    list_display = ("name", "user", "category", "state", "created_at")
    list_select_related = ("user",)
    list_filter = (WhoFilter, "state", "category")
    search_fields = ("id__startswith", "name", "user__email")
    ordering = ("-created_at",)
    exclude = ("name_key",)
