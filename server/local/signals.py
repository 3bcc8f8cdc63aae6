"""Signals as messages that one loop waits for."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any, Self

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SignalInbox:
    """While open, SIGINT, SIGTERM, SIGHUP and SIGCHLD end a wait instead of the process. Main thread only."""

    def __init__(self) -> None:
        self.endings = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._previous: dict[signal.Signals, Any] = {}
        self._previous_fd = -1

    def __enter__(self) -> Self:
        self._previous = {
            sign: signal.signal(sign, self._note)
            for sign in (*ENDING, signal.SIGCHLD)
            if signal.getsignal(sign) != signal.SIG_IGN  # as `nohup` or a shell's `&` wants it
        }
        self._previous_fd = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._previous_fd)
        for sign, handler in self._previous.items():
            signal.signal(sign, handler)
        os.close(self._read)
        os.close(self._write)

    @property
    def told_to_end(self) -> bool:
        return self.endings > 0

    @property
    def told_to_hurry(self) -> bool:
        """A second Ctrl-C: whoever sent it does not want to wait."""
        return self.endings > 1

    def wait(self, timeout_s: float) -> None:
        """Until a signal comes, or the time is over."""
        select.select([self._read], [], [], max(0.0, timeout_s))
        try:
            os.read(self._read, 4096)
        except BlockingIOError:
            return

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in ENDING:
            self.endings += 1
