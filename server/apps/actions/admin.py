"""Actions in the admin: to look at, to retry and to cancel."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from server.apps.actions.models import Action, Heartbeat, OperatorEntry
from server.apps.actions.queries import ActionQuerySet
from server.apps.admin_base import OwnWhoFilter, ReadOnlyAdmin, ReadOnlyInline
from server.enums.action_type import ActionType
from server.services.action_queue.operate import NotPossible, cancel, retry

SHORT_ID = 8


class OperatorEntryInline(ReadOnlyInline):
    model = OperatorEntry
    fields = ("created_at", "verb", "operator", "from_status")
    ordering = ("created_at",)


class TypeFilter(admin.SimpleListFilter):
    """By the type of the action, whatever its name was when the row was stored."""

    title = "action type"
    parameter_name = "action_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(action_type.value, action_type.label) for action_type in ActionType]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> QuerySet[Action]:
        chosen = next((one for one in ActionType if self.value() in one.wire_ids), None)
        return queryset.of_type(chosen) if chosen and isinstance(queryset, ActionQuerySet) else queryset


@admin.register(Action)
class ActionAdmin(ReadOnlyAdmin):
    """What was asked of the system and what became of it. Only the two verbs below change anything."""

    list_display = (
        "short_id",
        "user",
        "type_label",
        "status",
        "attempts",
        "queued_at",
        "finished_at",
        "result_summary",
    )
    list_display_links = ("short_id", "type_label")
    list_select_related = ("user",)
    list_filter = (OwnWhoFilter, "status", TypeFilter, "error_kind")
    search_fields = ("id__startswith", "user__email", "result_summary")
    search_help_text = "The beginning of an id, or part of an email or a summary"
    ordering = ("-seq",)
    actions = ("retry_selected", "cancel_selected")
    inlines = (OperatorEntryInline,)
    fieldsets = (
        (None, {"fields": ("id", "user", "type_label", "status", "result_summary", "attempts")}),
        (
            "Asked",
            {"fields": ("coach_message", "position", "action_type", "params_version", "parameters_text")},
        ),
        ("Error", {"fields": ("error_kind", "error_message", "traceback_text")}),
        (
            "Times",
            {"fields": ("queued_at", "due_at", "published_at", "started_at", "finished_at", "lease_until")},
        ),
        ("Queue", {"fields": ("seq", "holder", "test_scenario")}),
    )

    @admin.display(description="id")
    def short_id(self, action: Action) -> str:
        return str(action.id)[:SHORT_ID]

    @admin.display(description="action", ordering="action_type")
    def type_label(self, action: Action) -> str:
        return action.label

    @admin.display(description="attempts")
    def attempts(self, action: Action) -> str:
        return f"{action.attempt}/{action.max_attempts}"

    @admin.display(description="parameters")
    def parameters_text(self, action: Action) -> str:
        return _preformatted(json.dumps(action.parameters, indent=2, ensure_ascii=False))

    @admin.display(description="traceback")
    def traceback_text(self, action: Action) -> str:
        return _preformatted(action.traceback)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whether the two verbs are offered: to those who were given the right to change actions."""
        return request.user.has_perm("actions.change_action")

    @admin.action(description="Retry selected actions", permissions=["operate"])
    def retry_selected(self, request: HttpRequest, selected: QuerySet[Action]) -> None:
        self._operate(request, selected, retry, "queued again")

    @admin.action(description="Cancel selected actions", permissions=["operate"])
    def cancel_selected(self, request: HttpRequest, selected: QuerySet[Action]) -> None:
        self._operate(request, selected, cancel, "cancelled")

    def _operate(
        self, request: HttpRequest, selected: QuerySet[Action], verb: Callable[..., Any], done: str
    ) -> None:
        for action in selected.order_by("seq"):
            try:
                verb(action, operator=request.user.get_username())
            except NotPossible as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                self.message_user(
                    request, f"The action {action.id} ({action.label}) is {done}.", messages.SUCCESS
                )


@admin.register(OperatorEntry)
class OperatorEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "operator", "verb", "action", "from_status")
    list_select_related = ("action",)
    list_filter = ("verb",)
    search_fields = ("operator", "action__id__startswith")
    ordering = ("-created_at",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("role", "beat_at")


def _preformatted(text: str) -> str:
    return format_html('<pre style="margin: 0; white-space: pre-wrap">{}</pre>', text) if text else "-"
