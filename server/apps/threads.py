"""Reading and writing the database from asynchronous code."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="database")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run database work in one of a few threads that the whole process shares.

    Its connection goes back to the pool with the answer, so whoever waits afterwards holds neither.
    """
    work = partial(_then_let_go, partial(function, *args, **kwargs))
    return await sync_to_async(work, thread_sensitive=False, executor=_threads)()


def _then_let_go(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
