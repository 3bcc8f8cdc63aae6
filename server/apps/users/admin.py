"""Users and their tokens in the admin."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest

from server.apps.admin_base import OwnWhoFilter, ReadOnlyAdmin, ShortPaginator, WhoFilter
from server.apps.users.models import ApiToken, User, normal_email

if TYPE_CHECKING:
    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    BaseUserAdmin = DjangoUserAdmin[User]
else:  # Django's classes take no type arguments at run time
    CreationForm = AdminUserCreationForm
    ChangeForm = UserChangeForm
    BaseUserAdmin = DjangoUserAdmin


class NewUserForm(CreationForm):
    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])


class UserForm(ChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """Users sign in with their email."""

    form = UserForm
    add_form = NewUserForm
    paginator = ShortPaginator
    show_full_result_count = False
    list_per_page = 50
    list_display = (
        "email",
        "first_name",
        "last_name",
        "is_staff",
        "is_active",
        "date_joined",
        "test_scenario",
    )
    list_select_related = ("test_scenario",)
    list_filter = (OwnWhoFilter, "is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("id", "last_login", "date_joined", "test_scenario")
    fieldsets = (
        (None, {"fields": ("id", "email", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "test_scenario")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Whoever may delete a user may delete what is theirs; alone, none of it can be deleted."""
        rows, counts, _, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens are made with `coach token create`, which shows them once. Deleting one here revokes it."""

    list_display = ("id", "user", "created_at")
    list_select_related = ("user",)
    list_filter = (WhoFilter,)
    search_fields = ("user__email",)
    ordering = ("-created_at",)
    fields = ("user", "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("users.delete_apitoken")
