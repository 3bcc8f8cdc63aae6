"""Making the run's database behave badly, from a session that is not Django's."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from server.local.services import LocalServices

NAME = "coach"
DISK_FULL = """
CREATE SEQUENCE refusals;
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM nextval('refusals');
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$
"""


class Database:
    """The run's PostgreSQL, as its administrator sees it."""

    def __init__(self, services: LocalServices) -> None:
        self._services = services

    def session(self, *, database: str = NAME) -> psycopg.Connection:
        """A session of the test's own, in autocommit."""
        url = urlunsplit(urlsplit(self._services.database_url)._replace(path=f"/{database}"))
        return psycopg.connect(url, autocommit=True)

    def do(self, statement: str | sql.Composed, *values: object) -> int:
        """Run one statement by a session of its own that no setting of the database concerns; how many rows."""
        with self.session(database="postgres") as session:
            return session.execute(statement, values).rowcount

    @contextmanager
    def setting(self, name: str, value: str) -> Iterator[None]:
        """New sessions have this setting, inside the block."""
        parts = {"database": sql.Identifier(NAME), "name": sql.Identifier(name), "value": sql.Literal(value)}
        self.do(sql.SQL("ALTER DATABASE {database} SET {name} = {value}").format(**parts))
        try:
            yield
        finally:
            self.do(sql.SQL("ALTER DATABASE {database} RESET {name}").format(**parts))

    def end_sessions(self) -> int:
        """End every session of the product; how many there were. The test's own is closed before."""
        connection.close()
        return self.do(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", NAME
        )

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """No session takes writes, inside the block; one that begins there never does."""
        with self.setting("default_transaction_read_only", "on"):
            self.end_sessions()
            try:
                yield
            finally:
                connection.close()

    @contextmanager
    def disk_full(self, table: str) -> Iterator[None]:
        """The table cannot grow, inside the block; `has_refused` says whether it was tried."""
        with self.session() as session:
            session.execute(DISK_FULL)
            try:
                session.execute(
                    sql.SQL(
                        "CREATE TRIGGER disk_is_full BEFORE INSERT ON {} EXECUTE FUNCTION disk_is_full()"
                    ).format(sql.Identifier(table))
                )
                yield
            finally:
                session.execute("DROP FUNCTION disk_is_full CASCADE")
                session.execute("DROP SEQUENCE refusals")

    def has_refused(self) -> bool:
        """Whether the full disk has refused anything yet: a sequence counts, whatever is rolled back."""
        with self.session() as session:
            row = session.execute("SELECT is_called FROM refusals").fetchone()
            return row is not None and bool(row[0])

    @contextmanager
    def crowded(self) -> Iterator[None]:
        """Every session that the server allows is taken, inside the block."""
        taken: list[psycopg.Connection] = []
        try:
            with self.session(database="postgres") as session:
                connection.close()
                while _end_all(session):
                    self._take_all(taken)
                yield
        finally:
            for each in taken:
                each.close()

    def _take_all(self, taken: list[psycopg.Connection]) -> None:
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(self.session(database="postgres"))


def _end_all(session: psycopg.Connection) -> int:
    """End every session of the product; how many there were."""
    ended = session.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [NAME]
    )
    return ended.rowcount
