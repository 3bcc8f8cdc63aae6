"""`coach worker`."""

import os
from socket import gethostname
from typing import Annotated

import typer

from server.enums.queue_name import QueueName
from server.local.parent import end_with
from server.local.priority import stand_back
from workers.worker import run

app = typer.Typer()


@app.command()
def worker(
    name: Annotated[
        str | None, typer.Option(help="A name that no other worker has.", show_default="by pid")
    ] = None,
    queue: Annotated[
        QueueName, typer.Option(help="Whose actions to apply: people's, or those of replayed scenarios.")
    ] = QueueName.ACTIONS,
    parent: Annotated[int | None, typer.Option("--end-with", metavar="PID", hidden=True)] = None,
) -> None:
    """Run one worker: a process that applies one action at a time. Several work side by side."""
    if parent is not None:
        end_with(parent)
    if queue is QueueName.REPLAY:
        stand_back()
    raise typer.Exit(run(f"{name or f'worker-{os.getpid()}'}@{gethostname()}", queue))
