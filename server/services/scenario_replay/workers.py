"""Worker processes for a replay, for as long as it runs."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from server.enums.queue_name import QueueName
from server.local.child import Child, Role

GRACE_S = 40.0
MOST_DEATHS = 20


class TooManyDeaths(Exception):
    """The workers do not stay alive. The message names their log."""


class ReplayWorkers:
    """So many workers of the replay queue; one that dies is started again.

    They are this process's children, and end with the block, or with the process where that is killed.
    """

    def __init__(self, count: int, *, logs: Path, environment: Mapping[str, str] | None = None) -> None:
        self._roles = [self._role(number, environment or os.environ) for number in range(1, count + 1)]
        self._logs = logs
        self._children: list[Child] = []
        self._deaths = 0
        self._are_leaving = False

    @property
    def pids(self) -> list[int]:
        return [child.pid for child in self._children]

    def tend(self) -> None:
        """Start again what has died. Raises `TooManyDeaths`."""
        for place, child in enumerate(self._children):
            if child.exit_code is None:
                continue
            self._deaths += 1
            if self._deaths > MOST_DEATHS:
                raise TooManyDeaths(f"The workers died {self._deaths} times: see {child.log}.")
            self._children[place] = Child(child.role, child.log)

    def let_go(self) -> None:
        """Ask them to end, where nothing is left for them: they take a second, in which other things can be done."""
        if not self._are_leaving:  # a second signal would have them drop what they hold
            self._are_leaving = True
            for child in self._children:
                child.ask_to_end()

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        try:
            for number, role in enumerate(self._roles, start=1):
                self._children.append(Child(role, self._logs / f"replay-worker-{number}.log"))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self.let_go()
        for child in self._children:
            child.end()

    @staticmethod
    def _role(number: int, environment: Mapping[str, str]) -> Role:
        name = f"replay-{os.getpid()}-{number}"
        command = (
            sys.executable,
            "-m",
            "server.cli",
            "worker",
            "--queue",
            QueueName.REPLAY.value,
            "--name",
            name,
            "--end-with",
            str(os.getpid()),
        )
        return Role(name=name, command=command, environment=environment, grace_s=GRACE_S)
