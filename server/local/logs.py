"""One log file a role, kept small."""

import shutil
from pathlib import Path
from typing import BinaryIO

MAX_LOG_BYTES = 20 * 1024 * 1024


def open_log(path: Path) -> BinaryIO:
    """The file, opened for appending: a child that writes to it goes on at the end after `keep_small`."""
    keep_small(path)
    return path.open("ab")


def keep_small(path: Path, limit: int = MAX_LOG_BYTES) -> None:
    """Move what is written to `<name>.1` once it is longer than `limit`, while the role goes on writing."""
    if path.exists() and path.stat().st_size > limit:
        shutil.copyfile(path, path.with_name(path.name + ".1"))
        with path.open("r+b") as file:
            file.truncate(0)


def tail(path: Path, lines: int = 10) -> list[str]:
    """The last lines that are not blank."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16_384))
        text = file.read().decode(errors="replace")
    return [line for line in text.splitlines() if line.strip()][-lines:]
