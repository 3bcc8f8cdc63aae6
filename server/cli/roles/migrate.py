"""`coach migrate`."""

import time
from typing import Annotated

import typer
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from server.apps.users.models import User
from server.cli.errors import DidNotHoldError
from server.local.home import Home
from server.local.system import demo_password

app = typer.Typer()

# Any number, the same for all who migrate: Postgres lets one of them in at a time.
MIGRATION_LOCK = 7_260_041_131

LOCK_POLL_S = 0.2
LOCK_WAIT_MS = 1_000
LET_OTHERS_PASS_S = 2.0
LOCKED_OUT_LIMIT_S = 600.0


class Migrate(DjangoMigrate):
    """Django's command, which does not wait long for a lock.

    Whoever uses a table waits behind a migration that waits for its lock, behind a backup for example. A migration
    outside of a transaction builds an index concurrently: nobody waits behind it, so it may wait.
    """

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if action == "apply_start" and migration is not None:
            _limit("lock_timeout", LOCK_WAIT_MS if migration.atomic else 0)
        super().migration_progress_callback(action, migration, fake)


@app.command()
def migrate(
    wait: Annotated[float, typer.Option(help="How many seconds to wait for the database.")] = 60.0,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether everything is applied: exit 1 if not.")
    ] = False,
    demo_login: Annotated[
        str | None, typer.Option(help="An email to make a demo login for.", hidden=True)
    ] = None,
) -> None:
    """Bring the database up to date. It may be run by several at once: one migrates, the others wait."""
    _await_database(0.0 if check else wait)
    if check:
        _check()
        return
    _migrate_alone()
    if demo_login is not None:
        _ensure_demo_login(demo_login)


def _await_database(timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    told = False
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if not told and timeout_s:
                typer.echo(f"Waiting up to {timeout_s:g} s for the database.")
                told = True
            if time.monotonic() >= deadline:
                reason = str(error).splitlines()[0]
                raise DidNotHoldError(
                    f"The database cannot be reached: {reason}. Check DATABASE_URL."
                ) from error
        time.sleep(0.2)


def _check() -> None:
    missing = len(_plan(connection))
    if missing:
        raise DidNotHoldError(f"{missing} migrations are not applied.")
    typer.echo("All migrations are applied.")


def _migrate_alone() -> None:
    # A long migration is no stuck action: the sessions' time limits are not for it.
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        _limit(limit, 0)
    # Asked for again and again: whoever waits inside a statement holds up an index that is built concurrently.
    while not _has_the_lock():
        time.sleep(LOCK_POLL_S)
    try:
        if _plan(connection):
            _apply_between_others()
        else:
            typer.echo("All migrations are applied.")
    finally:
        connection.close()


def _has_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK])
        (has_it,) = cursor.fetchone()
        return bool(has_it)


def _apply_between_others() -> None:
    """Try again where a lock is not to be had; what was applied stays applied."""
    deadline = time.monotonic() + LOCKED_OUT_LIMIT_S
    while True:
        try:
            call_command(Migrate(), interactive=False, verbosity=1)
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            if time.monotonic() >= deadline:
                raise DidNotHoldError(
                    f"A long transaction has held a table for {LOCKED_OUT_LIMIT_S:g} s (see pg_stat_activity): "
                    "end it, and run `coach migrate` again."
                ) from error
        typer.echo(f"A long transaction holds a table: trying again in {LET_OTHERS_PASS_S:g} s.")
        time.sleep(LET_OTHERS_PASS_S)


def _limit(setting: str, milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [setting, str(milliseconds)])


def _plan(database: BaseDatabaseWrapper) -> list[object]:
    executor = MigrationExecutor(database)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _ensure_demo_login(email: str) -> None:
    user = User.objects.filter(email=email).first()
    password = demo_password(Home.locate())
    if user is None:
        User.objects.create_superuser(email, password)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
