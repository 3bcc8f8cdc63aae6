"""A load beside a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from django.db import connection

from server.apps.users.models import User
from tests.queue.conftest import note

Texts = dict[User, list[str]]
"""What was noted of each user, in order."""


class Load:
    """Notes are accepted for the users in turn, one every so many seconds."""

    def __init__(self, users: list[User], *, every_s: float) -> None:
        self._every_s = every_s
        self.texts: Texts = {user: [] for user in users}

    @property
    def accepted(self) -> int:
        return sum(map(len, self.texts.values()))

    @contextmanager
    def running(self) -> Iterator[Self]:
        """While the block lasts, in a thread of its own."""
        done = threading.Event()
        thread = threading.Thread(target=self._run, args=[done])
        thread.start()
        try:
            yield self
        finally:
            done.set()
            thread.join()

    def accept(self, user: User, text: str) -> None:
        note(user, text)

    def _run(self, done: threading.Event) -> None:
        while not done.wait(self._every_s):
            user = min(self.texts, key=lambda one: len(self.texts[one]))
            self.texts[user].append(f"note {len(self.texts[user])}")
            self.accept(user, self.texts[user][-1])
        connection.close()
