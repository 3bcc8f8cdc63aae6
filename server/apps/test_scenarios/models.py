"""Recorded conversations that can be replayed."""

import uuid

from django.db import models
from django.utils import timezone


class TestScenario(models.Model):
    """A scenario (its file format is in the docs); users made for it point here and are kept apart from people."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    content = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "test_scenarios"

    def __str__(self) -> str:
        return self.name
