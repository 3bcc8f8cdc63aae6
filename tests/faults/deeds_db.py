"""What handlers may run into in the database: named by a fault's `do`."""

import time

from django.db import connection

TAKEN = 7_001
"""An advisory lock that the test holds."""

ARRIVED = 7_002
"""An advisory lock that says that the handler has come to this place."""


def wait_for_a_lock() -> None:
    """Ask for the lock that the test holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKEN])


def lock_in_the_opposite_order() -> None:
    """Ask for the lock that the test holds, once the test waits for one that this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ARRIVED])
    while not _is_waited_for():
        time.sleep(0.02)
    wait_for_a_lock()


def _is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)) LIMIT 1"
        )
        return bool(cursor.rowcount)
