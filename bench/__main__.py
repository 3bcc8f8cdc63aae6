"""`make bench`: see README.md beside this file."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from server.local.services import LocalServices

RESULTS = Path(__file__).with_name("results.json")


def main(
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured, one after the other.")] = 3,
    quick: Annotated[bool, typer.Option(help="One small round: does it work?")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this one; may be given again.")] = None,
    full: Annotated[
        bool, typer.Option(help="Let the recipe drain its whole backlog too: some minutes more.")
    ] = False,
    latency: Annotated[bool, typer.Option(help="Measure the way to the client too.")] = True,
    output: Annotated[
        Path | None,
        typer.Option(help="Where the results go. By default bench/results.json, for a whole run."),
    ] = None,
) -> None:
    """Measure this project beside bare Celery and beside the recipe, on servers of its own."""
    if output is None and latency and not (quick or only):
        output = RESULTS
    signal.signal(signal.SIGTERM, _exit)
    home = Path(tempfile.mkdtemp(prefix="coach-bench-"))
    try:
        with LocalServices(home) as services:
            _set_up_django(services, home)
            # Models, and so everything that measures, can be imported only once Django knows its database.
            from bench.run import Plan, run  # noqa: PLC0415 - see above

            plan = Plan(
                rounds=1 if quick else rounds, quick=quick, full=full, latency=latency, only=tuple(only or ())
            )
            raise typer.Exit(run(services, home, plan, output))
    finally:
        _ignore_signals()
        shutil.rmtree(home, ignore_errors=True)


def _set_up_django(services: LocalServices, home: Path) -> None:
    os.environ.update(
        DATABASE_URL=services.database_url,
        REDIS_URL=services.redis_url,
        COACH_HOME=str(home),
        COACH_PROVIDER="offline",
        DJANGO_SETTINGS_MODULE="server.settings.base",
    )
    import django  # noqa: PLC0415 - it reads its settings when it is imported
    from django.core.management import call_command  # noqa: PLC0415 - as above

    django.setup()
    call_command("migrate", verbosity=0)


def _ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _exit(number: int, frame: FrameType | None) -> None:
    # What was started is ended on the way out.
    sys.exit(128 + number)


if __name__ == "__main__":
    typer.run(main)
