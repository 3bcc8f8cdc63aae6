"""An attempt ends at its time limit, wherever it hangs."""

import subprocess
import sys
import threading

import pytest

from server.services.action_handler.retry import TimeLimitExceeded
from server.services.action_handler.time_limit import time_limit

HANGS_IN_C = """
from server.services.action_handler.time_limit import time_limit
with time_limit(0.1):
    sum(range(10**13))  # a loop in C: it looks at no signal and keeps the interpreter's lock
"""


def test_code_that_hangs_in_python_is_ended() -> None:
    def hangs() -> None:
        while True:
            pass

    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        hangs()


def test_a_handler_cannot_swallow_the_limit() -> None:
    def swallows() -> None:
        while True:
            try:
                while True:
                    pass
            except Exception:  # noqa: BLE001, S110 (what a careless handler would write)
                pass

    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        swallows()


def test_a_call_that_cannot_be_interrupted_ends_the_process_with_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS_IN_C], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "line 4" in done.stderr


def test_nothing_is_left_armed_after_the_block() -> None:
    with time_limit(0.05):
        pass
    assert threading.Event().wait(0.2) is False


def test_outside_the_main_thread_only_the_lease_bounds_an_attempt() -> None:
    entered = threading.Event()

    def run() -> None:
        with time_limit(0.01):
            entered.set()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert entered.is_set()
