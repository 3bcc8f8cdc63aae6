"""`coach worker`."""

import os
from socket import gethostname
from typing import Annotated

import typer

from server.enums.queue_name import QueueName
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
) -> None:
    """Run one worker: a process that applies one action at a time. Several work side by side."""
    raise typer.Exit(run(f"{name or f'worker-{os.getpid()}'}@{gethostname()}", queue))
