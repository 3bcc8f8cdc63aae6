"""People, programs' tokens, and the users that test scenarios make."""

import hashlib
import secrets
import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users; an email is kept in lower case, so that it signs in however it is typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user with coach state and event stream. Raises `IntegrityError` when the email is taken."""
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))


def normal_email(email: str) -> str:
    """The form in which an email is stored and looked up."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who is coached. `test_scenario` is null for real people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    test_scenario = models.ForeignKey(
        "test_scenarios.TestScenario", null=True, blank=True, on_delete=models.CASCADE, related_name="users"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"

    def __str__(self) -> str:
        return self.email


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def issue(self, user: User) -> str:
        """A new bearer token of the user, in the only form in which it is ever shown."""
        secret = f"coach_{secrets.token_urlsafe(32)}"
        self.create(user=user, digest=digest_of(secret))
        return secret

    def bearing(self, secret: str) -> Self:
        """The token, if any, that the secret opens, with its user."""
        return self.filter(digest=digest_of(secret), user__is_active=True).select_related("user")


def digest_of(secret: str) -> str:
    """What is stored of a token: it is random, so a plain hash keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(models.Model):
    """A program's right to act for a user; only its digest is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        db_table = "api_tokens"

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user_id}"
