"""`coach new-action` and `coach remove-action`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from server.cli.action_files import edits, pieces
from server.cli.action_files.asking import wanted
from server.cli.action_files.checkout import ACTION_TYPE, PARAMS, PROMPTS, Checkout
from server.cli.action_files.kinds import KINDS
from server.cli.action_files.left import Place, left_after_adding, left_after_removing, needed_by
from server.cli.action_files.placing import Workshop
from server.cli.action_files.trial import Trial
from server.cli.action_files.wanted import FIRST, NewAction, files_of
from server.cli.errors import CommandError

app = typer.Typer()

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The action's name, in snake_case.")]
UNDONE = "A run that was cut off had left files behind: they were put back as they were."


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The files that a run has written and removed."""

    wrote: tuple[Path, ...]
    removed: tuple[Path, ...]


@app.command("new-action")
def new_action(  # noqa: PLR0913  (each is an option)
    name: NameArgument,
    *,
    label: Annotated[
        str | None, typer.Option(help="What a person reads: Celebrate an identity.", show_default="asked for")
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option(
            help="What it does and when, one sentence, which the model reads.", show_default="asked for"
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:TYPE:DESCRIPTION",
            help=f"A parameter; several are kept in order. TYPE is {', '.join(KINDS)}, or the file name of an enum of "
            "server/enums.",
            show_default="asked for",
        ),
    ] = None,
    no_params: Annotated[bool, typer.Option("--no-params", help="It has no parameters.")] = False,
    phase: Annotated[
        list[str] | None,
        typer.Option(help="A phase that may use it, or all; several may be given.", show_default="asked for"),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            metavar="ACTION",
            help="The action that it follows where one response has both.",
            show_default="the last one",
        ),
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="It runs before every other action.")] = False,
) -> None:
    """Write the files of a new action, in a checkout of the source, and say what is left for a person.

    What is not given as an option is asked for. Everything is prepared and tried in a copy first: either all of it is
    written or nothing is, and no file is overwritten.
    """
    if no_params and param:
        raise CommandError("--no-params and --param do not go together: leave one out.")
    if first and after:
        raise CommandError("--first and --after do not go together: leave one out.")
    checkout, workshop = _open()
    with workshop.opened() as was_cut_off:
        if was_cut_off:
            typer.echo(UNDONE, err=True)
        place = FIRST if first else after
        params = [] if no_params else param
        action = wanted(
            checkout, name, label=label, purpose=purpose, params=params, phases=phase, after=place
        )
        done = _apply(checkout, workshop, lambda trial: _add(trial, action, checkout))
    _say_what_was_done(done)
    _say_what_is_left("Left for a person:", left_after_adding(action, checkout))
    typer.echo(f"Then: make verify, and .venv/bin/pytest tests/actions/test_{name}.py")


@app.command("remove-action")
def remove_action(name: NameArgument) -> None:
    """Take an action out of the source, where no row of the database is of its type.

    Rows and messages keep the name for good, so an action that has run is renamed or no longer allowed, and not
    removed. What else speaks of it is listed with file and line.
    """
    checkout, workshop = _open()
    with workshop.opened() as was_cut_off:
        if was_cut_off:
            typer.echo(UNDONE, err=True)
        if name in checkout.aliases:
            now = checkout.action_types[checkout.aliases[name]]
            raise CommandError(
                f"{name!r} is the old name of {now!r}, which rows may carry: it stays in ALIASES."
            )
        if name not in checkout.action_types.values():
            raise CommandError(f"{name!r} is no action: {', '.join(checkout.action_types.values())}.")
        _refuse_where_rows_exist(name)
        _refuse_where_code_needs_it(name, checkout)
        done = _apply(checkout, workshop, lambda trial: _remove(trial, name, checkout))
    _say_what_was_done(done)
    _say_what_is_left("These lines still speak of it:", left_after_removing(name, checkout))


def _open() -> tuple[Checkout, Workshop]:
    checkout = Checkout.here()
    return checkout, Workshop(checkout.root)


def _refuse_where_code_needs_it(name: str, checkout: Checkout) -> None:
    if places := needed_by(name, checkout):
        listed = "".join(f"\n  {place}" for place in places)
        raise CommandError(f"Nothing was changed: these lines need {name!r}, take them out first:{listed}")


def _refuse_where_rows_exist(name: str) -> None:
    """Models are loaded only now: a run that was cut off may have left a tree in which they cannot be."""
    import_module("django").setup()
    import_module("server.cli.action_files.rows").refuse_where_rows_exist(name)


def _apply(checkout: Checkout, workshop: Workshop, change: Callable[[Trial], None]) -> Done:
    """Make the change in a copy, see that it holds, and put it into place."""
    trial = Trial(checkout.root, workshop.tree)
    change(trial)
    trial.settle()
    changed, gone = trial.changed(), trial.gone()
    workshop.place(changed, gone)
    return Done(wrote=tuple(changed), removed=tuple(gone))


def _add(trial: Trial, action: NewAction, checkout: Checkout) -> None:
    trial.write(ACTION_TYPE, edits.with_action_type(trial.read(ACTION_TYPE), action))
    trial.write(PARAMS, edits.with_params(trial.read(PARAMS), action, checkout.enums))
    for phase in action.phases:
        prompt = PROMPTS / f"{phase}.md"
        trial.write(prompt, edits.with_allowed(trial.read(prompt), action))
    handler, test, page = map(Path, files_of(action.name))
    sketch = pieces.Sketch(action, _first_members(action, checkout))
    trial.write(handler, pieces.handler_file(sketch))
    trial.write(test, pieces.test_file(sketch))
    trial.write(page, pieces.page_file(sketch))


def _first_members(action: NewAction, checkout: Checkout) -> dict[str, str]:
    kinds = {param.kind for param in action.params} & checkout.enums.keys()
    return {kind: f"{checkout.enums[kind]}.{checkout.members_of_enum(kind)[0]}" for kind in kinds}


def _remove(trial: Trial, name: str, checkout: Checkout) -> None:
    trial.write(ACTION_TYPE, edits.without_action_type(trial.read(ACTION_TYPE), name))
    trial.write(PARAMS, edits.without_params(trial.read(PARAMS), name))
    for phase in checkout.phases:
        prompt = PROMPTS / f"{phase}.md"
        trial.write(prompt, edits.without_allowed(trial.read(prompt), name))
    for path in files_of(name):
        trial.remove(Path(path))


def _say_what_was_done(done: Done) -> None:
    for path in done.wrote:
        typer.echo(f"wrote    {path}")
    for path in done.removed:
        typer.echo(f"removed  {path}")


def _say_what_is_left(heading: str, places: list[Place]) -> None:
    if places:
        typer.echo(f"\n{heading}")
    for place in places:
        typer.echo(f"  {place}")
