"""`coach run-freeze`: a conversation that staff want frozen into the library, in a process of its own."""

import json
from typing import Annotated

import typer

from server.cli.database import database
from server.cli.freeze import freeze_into_library, remarks_of
from server.cli.users import user_of
from server.local.parent import end_with
from server.services.scenario_replay.library import NameTaken, TooLarge
from server.services.scenario_replay.recording import NotRecordable

app = typer.Typer()


@app.command("run-freeze", hidden=True)
def run_freeze(
    email: Annotated[str, typer.Option(help="The user whose conversation it is.")],
    added_by: Annotated[str, typer.Option(metavar="EMAIL", help="Who wants it frozen.")],
    parent: Annotated[int, typer.Option("--end-with", metavar="PID", help="End when this parent has.")],
    *,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="What the scenario is called.")] = None,
    real_names: Annotated[bool, typer.Option("--real-names", help="No pseudonyms.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="In the place of one of the same name.")] = False,
) -> None:
    """Freeze a conversation into the library, and write what came of it as JSON.

    `{"id", "remarks"}`, or `{"fault", "is_taken"}` where there can be no such scenario; `is_taken` says that it is for
    its name.
    """
    end_with(parent)
    with database():
        try:
            row, frozen = freeze_into_library(
                user_of(email), name=name, real_names=real_names, replace=replace, added_by=added_by
            )
        except (NotRecordable, TooLarge, NameTaken) as error:
            told = {"fault": str(error), "is_taken": isinstance(error, NameTaken)}
        else:
            told = {"id": str(row.id), "remarks": list(remarks_of(frozen))}
    typer.echo(json.dumps(told))
