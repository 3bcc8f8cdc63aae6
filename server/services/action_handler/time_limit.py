"""Ending an attempt that takes too long, wherever it hangs."""

import faulthandler
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings

from server.services.action_handler.retry import TimeLimitExceeded

LEASE_GRACE_S = 5.0
STDERR = 2


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitExceeded` inside the block after `seconds`.

    Code that cannot be interrupted (a C call that never returns) does not see it: `ACTION_HARD_LIMIT_GRACE_S` later the
    process ends itself with a traceback, and the attempt counts as lost. That watchdog is a thread of C, so it needs no
    lock that the hanging call may hold. Outside the main thread there are no signals and no limit: the lease alone
    bounds the attempt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _on_alarm)
    faulthandler.dump_traceback_later(seconds + settings.ACTION_HARD_LIMIT_GRACE_S, exit=True, file=STDERR)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)  # an alarm in this very moment still raises
        finally:
            faulthandler.cancel_dump_traceback_later()
            signal.signal(signal.SIGALRM, before)


def _on_alarm(signum: int, frame: FrameType | None) -> None:
    raise TimeLimitExceeded
