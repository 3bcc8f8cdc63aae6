"""How long things are kept."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how many days each is kept, and how many events of a user at most. 0 is for ever, and any number."""

    events_days: float
    events_per_user: int
    idempotency_keys_days: float
    tracebacks_days: float
    actions_days: float
    replays_days: float

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            events_days=settings.KEEP_EVENTS_DAYS,
            events_per_user=settings.KEEP_EVENTS_PER_USER,
            idempotency_keys_days=settings.KEEP_IDEMPOTENCY_KEYS_DAYS,
            tracebacks_days=settings.KEEP_TRACEBACKS_DAYS,
            actions_days=settings.KEEP_ACTIONS_DAYS,
            replays_days=settings.KEEP_REPLAYS_DAYS,
        )
