"""What the admin pages share: rows to look at and not to touch, short counts, people apart from test scenarios."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

COUNTED_AT_MOST = 10_000

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyInline = admin.TabularInline[Any, Any]
    AnyPaginator = Paginator[Any]
else:  # Django's classes take no type arguments at run time
    AnyModelAdmin = admin.ModelAdmin
    AnyInline = admin.TabularInline
    AnyPaginator = Paginator


class ShortPaginator(AnyPaginator):
    """Counts, and reaches, 10,000 rows and no more; who looks for another narrows the list by filter or search.

    To count all of a table that grows for years would take longer than to show a page of it.
    """

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # in the admin it always is one
        return rows[:COUNTED_AT_MOST].count()


class LookOnly:
    """Nothing can be added, changed or deleted: what a user has changes by actions, which are logged and told."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(LookOnly, AnyModelAdmin):
    """A list and a page per row, for reading."""

    paginator = ShortPaginator
    show_full_result_count = False
    list_per_page = 50


class ReadOnlyInline(LookOnly, AnyInline):
    """Rows on the page of the row that they belong to, for reading."""

    extra = 0
    can_delete = False


class WhoFilter(admin.SimpleListFilter):
    """Real people, unless test scenarios, or everyone, are asked for. `path` leads to the row's test scenario."""

    title = "who"
    parameter_name = "who"
    path = "user__test_scenario"

    def lookups(self, request: HttpRequest, model_admin: AnyModelAdmin) -> Sequence[tuple[str, str]]:
        return [("people", "Real people"), ("scenarios", "Test scenarios"), ("everyone", "Everyone")]

    def value(self) -> str:
        return super().value() or "people"

    def choices(self, changelist: Any) -> Any:
        _, *choices = super().choices(changelist)  # without "All": the default is real people
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "everyone":
            return queryset
        return queryset.filter(**{f"{self.path}__isnull": self.value() != "scenarios"})


class OwnWhoFilter(WhoFilter):
    """For rows that point to their test scenario themselves."""

    path = "test_scenario"
