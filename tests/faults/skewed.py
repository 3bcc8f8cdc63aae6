"""`python -m tests.faults.skewed COMMAND …`: the `coach` command with its faults, on a host whose clock is wrong."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

from server.cli import main
from server.testing.faults import arm_from_environment

VARIABLE = "COACH_CLOCK_AHEAD_S"

if __name__ == "__main__":
    now = datetime.now(UTC) + timedelta(seconds=float(os.environ[VARIABLE]))
    with time_machine.travel(now, tick=True):
        arm_from_environment()
        main()
