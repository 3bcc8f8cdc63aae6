"""Creating a user creates the event stream."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from server.apps.events.models import EventStream


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def create_event_stream(instance: Any, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        EventStream.objects.create(user=instance)
