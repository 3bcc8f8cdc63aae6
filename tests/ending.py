"""Being told to end, for a process that has started others: it ends them first, and nothing cuts that short."""

import signal
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def end_when_told(*numbers: signal.Signals) -> None:
    """Leave by `SystemExit` at the first of these signals; what is sent after it changes nothing."""
    for number in numbers:
        signal.signal(number, _end)


def ignore_what_is_told() -> None:
    """From now on: what was started is being ended."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    ignore_what_is_told()
    raise SystemExit(128 + number)
