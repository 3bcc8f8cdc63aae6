"""`coach status` and `coach doctor`."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Annotated
from urllib.parse import urlsplit

import psycopg
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from server.cli.errors import DidNotHoldError
from server.cli.up import HomeOption
from server.cli.who_coaches import who_coaches
from server.local.doctor import Finding, examine
from server.local.home import Home
from server.local.run_state import ProcessRecord, RunState
from server.services.coach.model_coach.probe import Probed, probe
from server.settings.environment import environment

app = typer.Typer()


PROBED: Mapping[Probed, tuple[bool | None, str]] = {
    Probed.LISTED: (True, ""),
    Probed.NOT_LISTED: (None, "Check COACH_MODEL; some servers know models that they do not list."),
    Probed.NO_LIST: (None, "Check OPENAI_BASE_URL, which often ends in /v1; some servers have no list."),
    Probed.WRONG_KEY: (False, "Check OPENAI_API_KEY."),
    Probed.AWAY: (False, "Check OPENAI_BASE_URL, and that the server runs."),
}
"""Whether the coach can answer, as far as that is known, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStatus:
    role: str
    pid: int | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What `coach status --json` prints; an address is null where nothing runs."""

    web: str | None
    flower: str | None
    database: str | None
    redis: str | None
    processes: list[ProcessStatus]
    actions: dict[str, int]


@app.command()
def status(
    home: HomeOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, with the addresses' passwords.")
    ] = False,
) -> None:
    """Show what runs, where to reach it, and how many actions stand where."""
    place = Home.locate(home)
    found = _status(place)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        _show(found, place)


@app.command()
def doctor(home: HomeOption = None) -> None:
    """Show what is set up, what is missing, and how to mend it; exit 1 where something needed is missing."""
    console = Console(highlight=False, soft_wrap=True)
    missing = []
    for finding in chain(
        examine(Home.locate(home), client=environment().client_dir, docs=environment().docs_dir),
        [coach_finding()],
    ):
        show_finding(console, finding)
        if finding.holds is False:
            missing.append(finding.name)
    if missing:
        raise DidNotHoldError(f"Missing: {', '.join(missing)}. What to do is beside each above.")


def coach_finding() -> Finding:
    """Who coaches, and whether the model's server can be asked."""
    coach = who_coaches(environment())
    if environment().provider == "offline":
        return Finding(name="coach", holds=None, detail=coach.name, mend=coach.mend)
    probed = asyncio.run(probe(environment().model_settings()))
    holds, mend = PROBED[probed]
    return Finding(name="coach", holds=holds, detail=f"{coach.name}: {probed.value}", mend=mend)


def _status(home: Home) -> Status:
    state = RunState.read(home)
    database = os.environ.get("DATABASE_URL") or (state.database_url if state else "")
    return Status(
        web=(state.web_url if state else "") or None,
        flower=(state.flower_url if state else "") or None,
        database=database or None,
        redis=os.environ.get("REDIS_URL") or (state.redis_url if state else "") or None,
        processes=_processes(home, state) if state else [],
        actions=_count_actions(database) if database else {},
    )


def _processes(home: Home, state: RunState) -> list[ProcessStatus]:
    supervisor = "running" if home.holder() is not None else "gone"
    return [
        ProcessStatus(role="supervisor", pid=state.supervisor.pid, state=supervisor),
        *(
            ProcessStatus(role=record.role, pid=record.pid, state=_present_state(record))
            for record in state.processes
        ),
    ]


def _present_state(record: ProcessRecord) -> str:
    if record.state == "running" and (record.process_id is None or not record.process_id.is_alive()):
        return "gone"
    return record.state


def _count_actions(database: str) -> dict[str, int]:
    """Actions by status; empty where the database cannot be asked, or has no actions yet."""
    try:
        with psycopg.connect(database, connect_timeout=3) as connection:
            counted = connection.execute(
                "SELECT status, count(*) FROM actions GROUP BY status ORDER BY status"
            )
            return {str(name): int(number) for name, number in counted}
    except psycopg.Error:
        return {}


def _show(found: Status, home: Home) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not found.processes:
        console.print(f"Nothing runs in {escape(str(home.path))}. Start it with `coach up`.")
    addresses = {"web": found.web, "flower": found.flower, "database": found.database, "redis": found.redis}
    for name, address in addresses.items():
        if address:
            console.print(f"{name:<10}{escape(_without_password(address))}")
    if found.processes:
        table = Table("role", "pid", "state", box=None, pad_edge=False)
        for process in found.processes:
            colour = "green" if process.state == "running" else "red"
            table.add_row(process.role, str(process.pid or "-"), f"[{colour}]{process.state}[/{colour}]")
        console.print(table)
    if found.actions:
        console.print("actions   " + ", ".join(f"{number} {name}" for name, number in found.actions.items()))


def _without_password(address: str) -> str:
    password = urlsplit(address).password
    return address.replace(f":{password}@", ":…@", 1) if password else address


def show_finding(console: Console, finding: Finding) -> None:
    mark = {True: "[green]ok     [/green]", False: "[red]missing[/red]", None: "[dim]-      [/dim]"}[
        finding.holds
    ]
    mend = f" [yellow]→ {escape(finding.mend)}[/yellow]" if finding.mend else ""
    console.print(f"{mark} {finding.name:<26}{escape(finding.detail)}{mend}")
