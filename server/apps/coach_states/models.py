"""Where a user stands in the coaching."""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from server.apps.fields import EnumField
from server.apps.identities.models import Identity
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState

PHASE_GOALS: Mapping[CoachingPhase, IdentityState] = {
    CoachingPhase.IDENTITY_REFINEMENT: IdentityState.REFINEMENT_COMPLETE,
    CoachingPhase.ANYTHING_MISSING: IdentityState.REFINEMENT_COMPLETE,
    CoachingPhase.IDENTITY_COMMITMENT: IdentityState.COMMITMENT_COMPLETE,
    CoachingPhase.I_AM_STATEMENT: IdentityState.I_AM_COMPLETE,
    CoachingPhase.IDENTITY_VISUALIZATION: IdentityState.VISUALIZATION_COMPLETE,
}
"""The state to which a phase brings the user's identities, one after the other."""

ENTRY_GOALS: Mapping[CoachingPhase, IdentityState] = {
    phase: goal for phase, goal in PHASE_GOALS.items() if phase is not CoachingPhase.ANYTHING_MISSING
}
"""The goals of the phases that begin with their first identity; `anything_missing` goes on with the current one."""


class CoachStateQuerySet(models.QuerySet["CoachState"]):
    def locked(self, user_id: UUID) -> "CoachState":
        """The user's state, its row locked until the transaction ends.

        Every action begins here, hence the ready-made statement. Raises `CoachState.DoesNotExist`.
        """
        for coach_state in self.raw("SELECT * FROM coach_states WHERE user_id = %s FOR UPDATE", [user_id]):
            return coach_state
        raise self.model.DoesNotExist(f"the user {user_id} has no coach state")


class CoachState(models.Model):
    """One per user, made with the user. Its row is the lock under which the user's actions change anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coach_state"
    )
    current_phase = EnumField(CoachingPhase, default=CoachingPhase.INTRODUCTION)
    identity_focus = EnumField(IdentityCategory, default=IdentityCategory.PASSIONS_AND_TALENTS)
    current_identity = models.ForeignKey(
        Identity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    skipped_identity_categories = ArrayField(EnumField(IdentityCategory), default=list, blank=True)
    who_you_are = ArrayField(models.TextField(), default=list, blank=True)
    who_you_want_to_be = ArrayField(models.TextField(), default=list, blank=True)
    asked_questions = ArrayField(EnumField(GetToKnowYouQuestion), default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CoachStateQuerySet.as_manager()

    class Meta:
        db_table = "coach_states"

    def __str__(self) -> str:
        return f"coach state of {self.user_id}"

    def change(self, **fields: Any) -> None:
        """Set and save these fields only."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields, "updated_at"])

    def next_identity(self, goal: IdentityState) -> Identity | None:
        """NEXT: the user's oldest live identity whose state is below `goal` on the ladder."""
        return Identity.objects.filter(user_id=self.user_id).below(goal).oldest()

    def enter(self, phase: CoachingPhase) -> None:
        """Move to `phase`, and to its first identity where it has a goal; refinement accepts what is proposed."""
        fields: dict[str, Any] = {"current_phase": phase}
        if phase is CoachingPhase.IDENTITY_REFINEMENT:
            Identity.objects.filter(user_id=self.user_id).accept_proposed()
        if goal := ENTRY_GOALS.get(phase):
            fields["current_identity"] = self.next_identity(goal)
        self.change(**fields)

    def move_on(self, goal: IdentityState) -> None:
        """Make NEXT(goal) the current identity."""
        self.change(current_identity=self.next_identity(goal))

    def leave(self, identity: Identity) -> None:
        """Turn to the phase's next identity if `identity`, just archived, was the current one."""
        if self.current_identity_id == identity.id:
            goal = PHASE_GOALS.get(self.current_phase)
            self.change(current_identity=self.next_identity(goal) if goal else None)
