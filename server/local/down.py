"""Ending the system that runs in a home."""

import os
import signal
import time

from server.local.errors import LocalError
from server.local.home import Home
from server.local.postgres import EmbeddedPostgres
from server.local.run_state import ProcessRecord, end_leftovers

# Longer than the graces of all roles together.
END_TIMEOUT_S = 120.0


def end_system(home: Home) -> list[ProcessRecord] | int | None:
    """End what runs in this home.

    Answers the pid of the supervisor that ended it; or what a killed supervisor had left, which is ended
    here; or None where nothing ran. Raises LocalError where the supervisor does not end.
    """
    holder = home.holder()
    if holder is None:
        return _end_leftovers(home) or None
    # Whoever holds the lock wrote its pid there and is alive: the pid is nobody else's.
    os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + END_TIMEOUT_S
    while home.holder() == holder:
        if time.monotonic() > deadline:
            raise LocalError(f"The supervisor (pid {holder}) does not end: see {home.logs}.")
        time.sleep(0.1)
    return holder


def _end_leftovers(home: Home) -> list[ProcessRecord]:
    if not home.run_file.exists():
        return []
    with home.lock():
        leftovers = end_leftovers(home)
        EmbeddedPostgres(home).clean()
    return leftovers
