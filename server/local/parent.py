"""A process that is of no use without the one that started it."""

import os
import signal
import time
from threading import Thread

LOOK_EVERY_S = 1.0


def end_with(parent: int) -> None:
    """Ask this process to end, by SIGTERM, once its parent is another than `parent`: that one has ended then.

    However it ended: one that is killed cannot end its children itself.
    """
    Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
