"""`coach run-replay`: a replay that somebody asked for on a staff page, in a process of its own."""

from typing import Annotated
from uuid import UUID

import typer

from server.apps.test_scenarios.models import ReplayRun
from server.cli.database import database
from server.cli.errors import DidNotHoldError
from server.cli.replay import play_by_the_queue
from server.enums.replay_status import ReplayStatus
from server.local.home import Home
from server.local.parent import end_with
from server.services.scenario_replay.batch import Plan
from server.services.scenario_replay.judging import Judge
from server.services.scenario_replay.library import NotInLibrary, scenarios_of

app = typer.Typer()

WORKERS = 2


@app.command("run-replay", hidden=True)
def run_replay(
    run_id: Annotated[UUID, typer.Argument(metavar="ID", help="The row of the replay.")],
    parent: Annotated[int, typer.Option("--end-with", metavar="PID", help="End when this parent has.")],
) -> None:
    """Play a replay that a staff page asked for, as `coach replay` would; what comes of it is written into its row."""
    end_with(parent)
    with database():
        run = ReplayRun.objects.open().filter(id=run_id).first()
        if run is None:
            raise DidNotHoldError(f"No replay {run_id} waits to be played.")
        try:
            scenarios = scenarios_of(run.scenario_ids)
        except NotInLibrary as error:
            ReplayRun.objects.filter(id=run_id).end(ReplayStatus.FAILED, reason=str(error))
            raise DidNotHoldError(str(error)) from error
        plan = Plan(
            scenarios=scenarios,
            copies=run.copies,
            workers=WORKERS,
            fail_fast=False,
            keep=run.keeps_users,
            logs=Home.locate().logs,
        )
        play_by_the_queue(plan, Judge(), run)
