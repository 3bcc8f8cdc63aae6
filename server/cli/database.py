"""What the commands that work on rows share: a database that is really there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from server.cli.errors import DidNotHoldError
from server.services.sqlstate import UNDEFINED_TABLE, sqlstate
from server.settings.environment import environment


@contextmanager
def database() -> Iterator[None]:
    """The database of DATABASE_URL, or of the system running in the home.

    Raises `DidNotHoldError`, one line that says what to do, where there is none, it cannot be reached, or it has no
    tables yet.
    """
    _require_an_address()
    try:
        connection.ensure_connection()
        yield
    except (OperationalError, InterfaceError) as error:
        raise DidNotHoldError(
            f"The database cannot be reached: {_reason(error)}. "
            "Start the system with `coach up`, or check DATABASE_URL."
        ) from error
    except ProgrammingError as error:
        if sqlstate(error) == UNDEFINED_TABLE:
            raise DidNotHoldError("The database has no tables yet: run `coach migrate`.") from error
        raise


def _require_an_address() -> None:
    if not environment().database_url:
        home = environment().coach_home
        raise DidNotHoldError(
            f"Nothing runs in {str(home)!r}: start the system with `coach up`, "
            "or set DATABASE_URL and REDIS_URL to the servers of one that runs."
        )


def _reason(error: DatabaseFault) -> str:
    return (str(error).strip().splitlines() or ["no answer"])[0].rstrip(".")
