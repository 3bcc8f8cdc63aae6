"""Writing what a command made into a file that was not there before."""

from pathlib import Path

import typer

from server.cli.errors import CommandError


def write_new(text: str, output: Path | None) -> None:
    """Write it there, or to standard output where no file is named. Raises `CommandError`."""
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{output} is there already: name another file, or remove it.") from error
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
