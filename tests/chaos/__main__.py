"""`make chaos MINUTES=10`: random programs against a model, while a monkey ends whatever runs."""

import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from server.local.services import LocalServices

ROLES = "roles"


def main(
    *,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long there is load.")] = 10.0,
    seed: Annotated[int | None, typer.Option(help="The same programs again.", show_default="random")] = None,
    users: Annotated[int, typer.Option(min=1, help="Users on their way at one time.")] = 40,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 3,
    pace_s: Annotated[float, typer.Option(min=0.1, help="Mean seconds between two deeds.")] = 2.0,
    postgres: Annotated[bool, typer.Option(help="Whether PostgreSQL is killed too.")] = True,
    report_to: Annotated[Path | None, typer.Option("--json", help="Where the report goes as JSON.")] = None,
) -> None:
    """Run real programs on a stack that is torn down under them, and hold what comes of it against the model."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seed = random.randrange(2**31) if seed is None else seed
    print(f"chaos for {minutes:g} minutes, seed {seed}", flush=True)
    home = Path(tempfile.mkdtemp(prefix="coach-chaos-"))
    try:
        with LocalServices(home) as services:
            _set_up_django(services, home)
            # Models can be imported only once Django knows its database.
            from tests.chaos.report import printed
            from tests.chaos.run import Plan, as_json, run

            plan = Plan(
                minutes=minutes,
                seed=seed,
                users=users,
                workers=workers,
                pace_s=pace_s,
                kills_postgres=postgres,
            )
            report = run(services, home, plan)
            if not report.holds:
                shutil.copytree(home / ROLES, f"{home}-logs")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if report_to is not None:
        report_to.write_text(json.dumps(as_json(report), indent=2))
    print(printed(report), flush=True)
    if not report.holds:
        print(f"What the roles wrote is in {home}-logs.")
    sys.exit(0 if report.holds else 1)


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
    # What clients of a system that is torn down are told all the time.
    for talkative in ("httpx", "server.services.hints"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    typer.run(main)
