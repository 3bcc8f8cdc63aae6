"""Pruning by itself: beside the relay's sweeps, which it never delays, in a thread and a session of its own."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from server.services.retention.policy import Retention
from server.services.retention.prune import prune, take_turn

logger = logging.getLogger(__name__)

LOOK_S = 30.0
END_S = 5.0


@contextmanager
def pruning() -> Iterator[None]:
    """Prune every COACH_PRUNE_EVERY_MINUTES while the block lasts."""
    every_s = settings.PRUNE_EVERY_MINUTES * 60
    if not every_s:
        yield
        return
    stopped = threading.Event()
    thread = threading.Thread(target=_prune_until, args=(stopped, every_s), name="prune", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(END_S)


def _prune_until(stopped: threading.Event, every_s: float) -> None:
    """Several relays take turns: whoever looks first when the time has come."""
    while not stopped.is_set():
        try:
            if take_turn(every_s):
                _prune(stopped)
        except (DatabaseFault, OSError) as error:
            logger.warning("pruning could not finish, the next one goes on: %s", error)
        except Exception:
            # Otherwise nothing would be pruned until the relay is started again, and nobody told.
            logger.exception("pruning failed, it is tried again at the next turn")
        finally:
            connection.close()
        stopped.wait(min(LOOK_S, every_s))


def _prune(stopped: threading.Event) -> None:
    pruned = prune(Retention.from_settings(), go_on=_Pace(stopped))
    removed = ", ".join(f"{each.removed} {each.what}" for each in pruned if each.removed)
    if removed:
        logger.info("pruned %s", removed)


class _Pace:
    """Rests as long as each batch took, so that the database is never kept busy; no longer where it is to stop."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._began = time.monotonic()

    def __call__(self) -> bool:
        is_over = self._stopped.wait(time.monotonic() - self._began)
        self._began = time.monotonic()
        return not is_over
