"""An attempt ends at its time limit, wherever it hangs."""

import signal
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

OUTLIVES_ITS_LIMIT = """
import threading
from django.conf import settings
from server.services.action_handler.time_limit import time_limit
with time_limit(0.05):
    pass
threading.Event().wait(0.05 + settings.ACTION_HARD_LIMIT_GRACE_S + 0.5)
print("alive")
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
    done = run(HANGS_IN_C)
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "line 4" in done.stderr


def test_no_alarm_is_left_set_after_the_block() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(30):
        assert signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_a_process_outlives_the_limit_of_a_block_that_has_ended() -> None:
    done = run(OUTLIVES_ITS_LIMIT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


def test_outside_the_main_thread_only_the_lease_bounds_an_attempt() -> None:
    entered = threading.Event()

    def enter() -> None:
        with time_limit(0.01):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert entered.is_set()


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
