"""Creating a user creates the event stream; deleting one waits for whoever writes in it."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.events.locks import hold_user
from server.apps.events.models import EventStream
from server.apps.identities.models import Identity


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def create_event_stream(instance: Any, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        EventStream.objects.create(user=instance)


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def hold_off_who_writes(instance: Any, **_: Any) -> None:
    """Hold the user, so that nobody writes any more, and delete what came after Django had looked for the rows.

    Such a row would forbid that the user is deleted.
    """
    hold_user(instance)
    for rows in (Action.objects, Identity.objects, ChatMessage.objects):
        rows.filter(user=instance).delete()
