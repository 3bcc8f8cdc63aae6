"""`coach worker`."""

import logging
import os
from typing import Annotated

import typer

from workers.celery_app import ACTION_QUEUE
from workers.celery_app import app as celery_app

app = typer.Typer()

# Lines for each message that came and went: the Action table says it better, and they cost time.
TALKATIVE = ("celery.worker.strategy", "celery.app.trace")


@app.command()
def worker(
    name: Annotated[
        str | None, typer.Option(help="A name that no other worker has.", show_default="by pid")
    ] = None,
) -> None:
    """Run one worker: a process that applies one action at a time. Several work side by side."""
    for logger in TALKATIVE:
        logging.getLogger(logger).setLevel(logging.WARNING)
    node = f"{name or f'worker-{os.getpid()}'}@%h"
    lean = ("--without-gossip", "--without-mingle")
    celery_app.worker_main(
        ["worker", "-P", "solo", "-Q", ACTION_QUEUE, "-E", *lean, "-n", node, "--loglevel", "INFO"]
    )
