"""Statements that travel together."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_round_trip() -> Iterator[None]:
    """Send what the block executes at once and wait for the answers at its end; results are read after the block.

    A transaction that has not begun yet begins in the same round trip.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
