"""`python -m tests.soak --minutes 30`: a steady load on a system of its own, and what grows."""

import asyncio
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from server.local.services import LocalServices
from tests.ending import SIGNALS, end_when_told, ignore_what_is_told
from tests.servers import set_up_django

STOPPED = 130


def main(
    minutes: Annotated[float, typer.Option(min=0.05, max=24 * 60, help="How long.")] = 30.0,
    rate: Annotated[float, typer.Option(min=0.1, max=50, help="How many responses a second.")] = 20.0,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two looks.")] = 10.0,
    keep: Annotated[float, typer.Option(min=1, help="Seconds for which events and keys are kept.")] = 60.0,
    json_file: Annotated[Path | None, typer.Option("--json", help="A file for every figure.")] = None,
) -> None:
    """Exit 1 where something grows that should not, or went wrong; 130 where it was stopped before its time."""
    end_when_told(*SIGNALS)
    home = Path(tempfile.mkdtemp(prefix="coach-soak-"))
    try:
        with LocalServices(home) as services:
            set_up_django(services, home)
            logging.getLogger("httpx").setLevel(logging.WARNING)
            raise typer.Exit(_soak(services, minutes * 60, rate, every, keep, json_file))
    finally:
        ignore_what_is_told()
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


if __name__ == "__main__":
    typer.run(main)
