"""`python -m tests.soak --minutes 30`: a steady load on a system of its own, and what grows."""

import asyncio
import logging
import os
import shutil
import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from server.local.services import LocalServices

STOPPED = 130


def main(
    minutes: Annotated[float, typer.Option(min=0.05, max=24 * 60, help="How long.")] = 30.0,
    rate: Annotated[float, typer.Option(min=0.1, max=50, help="How many responses a second.")] = 20.0,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two looks.")] = 10.0,
    keep: Annotated[float, typer.Option(min=1, help="Seconds for which events and keys are kept.")] = 60.0,
    json_file: Annotated[Path | None, typer.Option("--json", help="A file for every figure.")] = None,
) -> None:
    """Exit 1 where something grows that should not, or went wrong; 130 where it was stopped before its time."""
    signal.signal(signal.SIGTERM, _exit)
    home = Path(tempfile.mkdtemp(prefix="coach-soak-"))
    try:
        with LocalServices(home) as services:
            _set_up_django(services, home)
            raise typer.Exit(_soak(services, minutes * 60, rate, every, keep, json_file))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        shutil.rmtree(home, ignore_errors=True)


def _soak(
    services: LocalServices,
    seconds: float,
    rate: float,
    every_s: float,
    keep_s: float,
    json_file: Path | None,
) -> int:
    # Models can be imported only once Django knows its database.
    from tests.soak.report import problems, show, write
    from tests.soak.run import Plan, soak
    from tests.soak.system import SoakError, System

    plan = Plan(seconds=seconds, rate=rate, every_s=every_s, keep_s=keep_s)
    console, progress = Console(), Console(stderr=True)
    progress.print("Starting the system …")
    try:
        with System(services, keep_s=keep_s) as system:
            soaked = asyncio.run(soak(system, plan, progress))
    except SoakError as error:
        progress.print(f"soak: {error}", markup=False, highlight=False)
        return 1
    if json_file is not None:
        write(soaked, plan, json_file)
    show(soaked, plan, console)
    return STOPPED if not soaked.is_whole else int(bool(problems(soaked)))


def _set_up_django(services: LocalServices, home: Path) -> None:
    os.environ.update(
        DATABASE_URL=services.database_url,
        REDIS_URL=services.redis_url,
        COACH_HOME=str(home),
        COACH_PROVIDER="offline",
        DJANGO_SETTINGS_MODULE="server.settings.base",
    )
    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)


def _exit(number: int, frame: FrameType | None) -> None:
    # What was started is ended on the way out.
    raise SystemExit(128 + number)


if __name__ == "__main__":
    typer.run(main)
