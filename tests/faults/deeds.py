"""What a fault may do to a worker beyond what the kit brings: `do="tests.faults.deeds:NAME"`.

Imported before Django is set up.
"""

import ctypes
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

MIB = 1024 * 1024
ROOM = 32 * MIB


def run_out_of_memory() -> NoReturn:
    """Take what memory the process may have, and keep hold of it as a handler's own variables would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_size() + ROOM, hard))
    hoard: list[bytes] = []
    try:
        while True:
            hoard.append(bytes(MIB // 16))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def be_killed_for_memory() -> None:
    """End as when the kernel has had enough of a process that takes memory: by SIGKILL, and no code runs any more."""
    hoard = b"1" * ROOM
    os.kill(os.getpid(), signal.SIGKILL)
    del hoard


def run_for_ever() -> NoReturn:
    while True:
        pass


def run_for_ever_and_swallow_errors() -> NoReturn:
    while True:
        with suppress(Exception):
            run_for_ever()


def run_for_ever_and_swallow_everything() -> NoReturn:
    while True:
        with suppress(BaseException):
            run_for_ever()


def hang_in_a_loop_of_c() -> None:
    """A loop that looks at no signal and keeps the interpreter's lock."""
    sum(range(10**13))


def hang_in_a_call_of_c() -> None:
    """A call that goes on waiting after each signal; the interpreter's lock is free meanwhile."""
    mutex = ctypes.create_string_buffer(64)
    ctypes.CDLL(None).pthread_mutex_lock(mutex)
    ctypes.CDLL(None).pthread_mutex_lock(mutex)


def hang_in_a_query() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")


def leave() -> NoReturn:
    """End the process in order, as a library that knows no better would."""
    raise SystemExit


def _size() -> int:
    """Bytes of address space that the process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
