"""`coach relay`."""

import typer

from workers.relay import run

app = typer.Typer()


@app.command()
def relay() -> None:
    """Run the relay: it publishes actions that are due and not in flight. Two at once do no harm."""
    run()
