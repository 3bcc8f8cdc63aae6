"""Roles that are started again when they end, as a supervisor would, with faults that a test lets happen one by one."""

import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from server.testing.faults import Fault
from tests.processes import RoleProcess
from tests.queue.conftest import StartRole, started_together


class Triggers:
    """The files that a crew's faults wait for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def of(self, name: str) -> Path:
        return self._directory / name

    def pull(self, name: str) -> None:
        """Let the fault happen to the process that comes by first."""
        self.of(name).touch()

    def forget(self) -> None:
        """Let nothing happen that has not happened yet."""
        for trigger in self._directory.iterdir():
            trigger.unlink(missing_ok=True)

    def is_spent(self, name: str) -> bool:
        """Whether it has happened."""
        return not self.of(name).exists()


class Crew:
    """Roles that all have the same faults. `deaths` counts who was started again since the test began."""

    def __init__(
        self, start: StartRole, roles: Sequence[str], faults: Sequence[Fault] = (), **environment: str
    ) -> None:
        self._start: Callable[[str], RoleProcess] = lambda role: start(role, *faults, **environment)
        self._roles = roles
        self._processes = self._started(range(len(roles)))
        self.deaths = 0

    def assemble(self) -> None:
        """Be complete, for a test that begins."""
        self.tend()
        self.deaths = 0

    def tend(self) -> int:
        """Start again who has ended; how many that were since the test began."""
        ended = [place for place, process in self._processes.items() if process.exit_code is not None]
        self._processes |= self._started(ended)
        self.deaths += len(ended)
        return self.deaths

    def kill(self) -> None:
        """End all of them at once, as a power cut would."""
        for process in self._processes.values():
            process.signal(signal.SIGKILL)
        for process in self._processes.values():
            process.kill()

    def _started(self, places: Iterable[int]) -> dict[int, RoleProcess]:
        places = list(places)
        processes = started_together(*(partial(self._start, self._roles[place]) for place in places))
        return dict(zip(places, processes, strict=True))
