"""The `coach` command."""

import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from server.cli.commands import ListedGroup
from server.cli.errors import CommandError
from server.enums.made_wrong import MADE_WRONG, said_of
from server.local.errors import LocalError

app = typer.Typer(
    cls=ListedGroup,
    help="An action worker system for AI coaches.",
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def coach() -> None:
    """An action worker system for AI coaches: every action applied exactly once, in order, and told."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; each error is one line on stderr, exit 2 for bad usage or input, 1 for "did not hold"."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        answer = app(args=arguments, prog_name="coach", standalone_mode=False)
    except (CommandError, LocalError) as error:
        faults = error.faults if isinstance(error, CommandError) else (str(error),)
        return _fail(*faults, exit_code=error.exit_code)
    except TyperException as error:
        return _fail(error.format_message(), exit_code=error.exit_code)
    except MADE_WRONG as error:
        return _fail(said_of(error), exit_code=1)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_of_the_database(error):
            raise
        return _fail(
            f"The database answered with an error: {error}. `coach migrate` brings it up to date.",
            exit_code=1,
        )
    return answer if isinstance(answer, int) else 0


def _is_of_the_database(error: Exception) -> bool:
    """Whether Django raised it for the database; asked by name, since most commands start without Django."""
    return "django.db.utils.Error" in _kinds(error)


def _kinds(error: Exception) -> set[str]:
    return {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}


def _fail(*faults: str, exit_code: int) -> int:
    for fault in filter(None, faults):  # without a command, the help was printed and there is nothing to say
        print(f"coach: {' '.join(fault.split())}", file=sys.stderr)
    return exit_code
