"""Two sessions that wait for each other: PostgreSQL ends the work of one, which then begins again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

T = TypeVar("T")

DEADLOCK = "40P01"
TRIES = 3


def in_transaction(work: Callable[[], T]) -> T:
    """Do `work` in one transaction; again, from its beginning, where PostgreSQL ended it to let another one go on.

    Raises `OperationalError` where that happens `TRIES` times.
    """
    for _ in range(TRIES - 1):
        try:
            return _once(work)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != DEADLOCK:
                raise
    return _once(work)


def _once(work: Callable[[], T]) -> T:
    with transaction.atomic():
        return work()
