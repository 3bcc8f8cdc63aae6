"""Test scenarios in the admin."""

from django.contrib import admin

from server.apps.admin_base import ReadOnlyAdmin
from server.apps.test_scenarios.models import TestScenario


@admin.register(TestScenario)
class TestScenarioAdmin(ReadOnlyAdmin):
    list_display = ("name", "description", "created_at")
    search_fields = ("name", "description")
    ordering = ("-created_at",)
