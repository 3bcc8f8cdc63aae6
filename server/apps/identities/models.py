"""The identities that a user works out."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from server.apps.fields import EnumField
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.models.identity_name import name_key


class IdentityQuerySet(models.QuerySet["Identity"]):
    def named(self, name: str) -> Self:
        """Those of that name, without regard to case, archived ones too."""
        return self.filter(name_key=name_key(name))

    def live(self) -> Self:
        """Those not archived."""
        return self.exclude(state=IdentityState.ARCHIVED)

    def below(self, state: IdentityState) -> Self:
        """Live ones whose state is below `state` on the ladder."""
        return self.filter(state__in=state.states_below())

    def accept_proposed(self) -> int:
        """Raise the proposed ones to accepted; answers how many there were."""
        return self.filter(state=IdentityState.PROPOSED).update(state=IdentityState.ACCEPTED)

    def in_order(self) -> Self:
        """Oldest first."""
        return self.order_by("created_at", "id")

    def bulk_create(self, objs: Iterable["Identity"], *args: Any, **options: Any) -> list["Identity"]:
        rows = list(objs)
        for row in rows:
            row.name_key = name_key(row.name)
        return super().bulk_create(rows, *args, **options)

    def oldest(self) -> "Identity | None":
        return self.in_order().first()


class Identity(models.Model):
    """One identity of a user; its name is unique among theirs without regard to case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    name = models.CharField(max_length=1024)
    name_key = models.TextField(editable=False)
    category = EnumField(IdentityCategory)
    state = EnumField(IdentityState, default=IdentityState.PROPOSED)
    i_am_statement = models.TextField(blank=True)
    visualization = models.TextField(blank=True)
    notes = ArrayField(models.TextField(), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        db_table = "identities"
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint("user", "name_key", name="identity_name_unique_per_user")]
        indexes = [models.Index(fields=["user", "created_at"], name="identity_user_age")]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(**options)

    @property
    def is_archived(self) -> bool:
        archived: bool = self.state == IdentityState.ARCHIVED
        return archived

    def change(self, **fields: Any) -> None:
        """Set and save these fields only."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields, *(["name_key"] if "name" in fields else [])])

    def archive(self) -> None:
        """Put it away, for good."""
        self.change(state=IdentityState.ARCHIVED)

    def has_reached(self, state: IdentityState) -> bool:
        """Whether it is at `state` on the ladder, or above."""
        below: bool = self.state in state.states_below()
        return not below

    def may_be_named(self, name: str) -> bool:
        """Whether no other identity of the user, archived ones too, bears the name, without regard to case."""
        others = Identity.objects.filter(user_id=self.user_id).exclude(id=self.id)
        return not others.named(name).exists()

    def take_notes(self, notes: list[str]) -> None:
        """Append notes, leaving out exact repeats."""
        self.change(notes=self.notes_and(notes))

    def notes_and(self, notes: list[str]) -> list[str]:
        """Its notes and then these, without exact repeats."""
        return list(dict.fromkeys([*self.notes, *notes]))

    def notes_for_another(self) -> list[str]:
        """Its notes as another identity keeps them: "NAME: note"."""
        return [f"{self.name}: {note}" for note in self.notes]
