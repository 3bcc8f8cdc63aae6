"""Standing back for processes that somebody waits for."""

import os

NICENESS = 5
"""Where all want it, such a process gets a third of what another does."""


def stand_back() -> None:
    """Let this process, and those that it starts, have the processor when no other wants it."""
    os.nice(max(0, NICENESS - os.nice(0)))
