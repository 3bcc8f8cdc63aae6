"""Two sessions that wait for each other: PostgreSQL ends the work of one, which then begins again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

from server.services.sqlstate import DEADLOCK, sqlstate

T = TypeVar("T")

TRIES = 3


def in_transaction(work: Callable[[], T]) -> T:
    """Do `work` in one transaction; again, from its beginning, where PostgreSQL ended it to let another one go on.

    Raises `OperationalError` where that happens `TRIES` times.
    """
    for _ in range(TRIES - 1):
        try:
            return _once(work)
        except OperationalError as error:
            if sqlstate(error) != DEADLOCK:
                raise
    return _once(work)


def _once(work: Callable[[], T]) -> T:
    with transaction.atomic():
        return work()
