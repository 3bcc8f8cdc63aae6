"""The database session of a process, and how it is left."""

from contextlib import suppress

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections


def leave_session() -> None:
    """Give the session up, whatever state it and Django's account of it are in; the next query begins a new one.

    A time limit may strike inside of Django's own code for transactions, which then holds a transaction for open that
    nobody ends, and would keep the closed connection for ever.
    """
    with suppress(Error):
        connection.close()
    if connection.connection is not None:
        connection.connection.close()
    del connections[DEFAULT_DB_ALIAS]
