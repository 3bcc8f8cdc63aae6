"""Creating a user creates the coach state, whoever creates it."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from server.apps.coach_states.models import CoachState


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def create_coach_state(instance: Any, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        CoachState.objects.create(user=instance)
