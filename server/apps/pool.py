"""The web tier's pool of database connections."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from server.services.sqlstate import is_read_only


def replace_connections(error: object) -> None:
    """Replace at once what the pool holds and can no longer be used, after a request that failed with `error`.

    A database that was restarted has cut all connections; by itself the pool finds that out one by one, request by
    request, with ever longer pauses in between. One that took no writes may tell so to its old connections for ever.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if not isinstance(database, DatabaseWrapper) or not database.pool:
        return
    if is_read_only(error):
        database.pool.drain()
    else:
        database.pool.check()
