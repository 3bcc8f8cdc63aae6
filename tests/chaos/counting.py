"""Counts what passes by a named point, in the roles themselves: one byte a time, in a file that all of them share.

Named by a fault (`do="tests.chaos.counting:delivery"`), so it is imported before Django is set up.
"""

import os
from functools import cache
from pathlib import Path

VARIABLE = "CHAOS_DELIVERIES"


def delivery() -> None:
    os.write(_file(), b".")


@cache
def _file() -> int:
    return os.open(os.environ[VARIABLE], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def counted(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
