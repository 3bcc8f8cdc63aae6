"""`coach web`."""

import os
from typing import Annotated

import typer
import uvicorn

from server.local.ports import LOOPBACK, settle

app = typer.Typer()

# An open event stream never ends by itself: it is cut after this time, so that the server's end is quick.
GRACE_S = 3
# Views run in threads; so many of them have a database connection at once.
DATABASE_POOL = "10"


@app.command()
def web(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Run the web server: the API, the admin pages and the event streams, in one process."""
    os.environ.setdefault("COACH_DATABASE_POOL", DATABASE_POOL)
    uvicorn.run(
        "server.asgi:application",
        host=host,
        port=settle(port, "--port", host),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
