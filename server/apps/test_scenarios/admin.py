"""Test scenarios in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin
from server.apps.test_scenarios.models import ReplayRun, TestScenario


@admin.register(TestScenario)
class TestScenarioAdmin(ReadOnlyAdmin):
    list_display = ("name", "description", "in_library", "run", "created_at")
    list_filter = ("in_library",)
    list_select_related = ("run",)
    search_fields = ("name", "description")
    ordering = ("-created_at",)


@admin.register(ReplayRun)
class ReplayRunAdmin(ReadOnlyAdmin):
    """The staff pages of the client show the same in a better way, and start them."""

    list_display = ("created_at", "state", "started_by", "copies", "done", "total", "differing", "ended_at")
    list_filter = ("state",)
    search_fields = ("started_by",)
    ordering = ("-created_at",)
    exclude = ("report", "results")
