"""`coach flower`."""

from typing import Annotated

import typer

from server.local.home import Home
from server.local.ports import LOOPBACK, settle
from server.local.system import flower_login
from server.settings.environment import environment
from workers.flower import serve

app = typer.Typer()


@app.command()
def flower(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 5555,
) -> None:
    """Run Flower, the live view of the workers. FLOWER_… variables set its options.

    It asks for the login FLOWER_BASIC_AUTH (USER:PASSWORD), else for that of the home's file `flower_auth`.
    """
    home = Home.locate()
    home.prepare()
    login = environment().flower_basic_auth or flower_login(home)
    serve(address=host, port=settle(port, "--port", host), login=login, state=home.path / "flower_state")
