"""`coach prune`."""

import json
from typing import Annotated

import typer
from django.db import connection

from server.cli.database import database
from server.cli.tables import Row, print_table
from server.services.retention.policy import Retention
from server.services.retention.prune import Pruned, would_prune
from server.services.retention.prune import prune as remove_old

app = typer.Typer()


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Remove what is older than it is kept for: the COACH_KEEP_… variables say how long that is.

    The relay does it by itself, every COACH_PRUNE_EVERY_MINUTES.
    """
    with database():
        _take_your_time()
        retention = Retention.from_settings()
        pruned = would_prune(retention) if dry_run else remove_old(retention)
    if as_json:
        removed = {each.key: each.removed for each in pruned}
        typer.echo(json.dumps({"dry_run": dry_run, "removed": removed}, indent=2))
    else:
        _show(pruned, "would remove" if dry_run else "removed")


def _take_your_time() -> None:
    """What is counted may be many rows: the time limit of an action's queries is not for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def _show(pruned: list[Pruned], header: str) -> None:
    rows = [Row((each.what, f"{each.removed:,}"), each.kept) for each in pruned]
    print_table(Row(("what", header), "kept"), rows)
