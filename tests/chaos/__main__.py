"""`make chaos MINUTES=10`: random programs against a model, while a monkey ends whatever runs."""

import json
import logging
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from server.local.services import LocalServices
from tests.ending import end_when_told, ignore_what_is_told
from tests.servers import set_up_django

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
    """Run real programs on a stack that is torn down under them, and hold what comes of it against the model.

    Ctrl-C ends the load early, and what was done is judged; SIGTERM ends everything at once.
    """
    end_when_told(signal.SIGTERM)
    seed = random.randrange(2**31) if seed is None else seed
    print(f"chaos for {minutes:g} minutes, seed {seed}", flush=True)
    home = Path(tempfile.mkdtemp(prefix="coach-chaos-"))
    try:
        with LocalServices(home) as services:
            set_up_django(services, home)
            # What clients of a system that is torn down are told all the time.
            for talkative in ("httpx", "server.services.hints"):
                logging.getLogger(talkative).setLevel(logging.ERROR)
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
        ignore_what_is_told()
        shutil.rmtree(home, ignore_errors=True)
    if report_to is not None:
        report_to.write_text(json.dumps(as_json(report), indent=2))
    print(printed(report), flush=True)
    if not report.holds:
        print(f"What the roles wrote is in {home}-logs.")
    sys.exit(0 if report.holds else 1)


if __name__ == "__main__":
    typer.run(main)
