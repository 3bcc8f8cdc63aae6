"""Seeing from outside that a request waits."""

from django.db import connection


def waiting() -> int:
    """How many database sessions wait for a lock at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        (count,) = cursor.fetchone()
        return int(count)
