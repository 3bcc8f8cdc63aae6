"""The web tier's pool of database connections."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper


def replace_broken_connections() -> None:
    """Look at every connection that the pool holds, and replace the broken ones at once.

    A database that was restarted has cut them all; by itself the pool finds that out one by one, request by request,
    with ever longer pauses in between.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if isinstance(database, DatabaseWrapper) and database.pool:
        database.pool.check()
