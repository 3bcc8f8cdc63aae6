"""`run.json`: what runs in a home, where to reach it, and which processes are its own."""

import json
import os
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from server.local.home import Home
from server.local.processes import ProcessId

# PostgreSQL takes SIGTERM as "wait until every client has left"; SIGINT is its orderly, prompt end.
ROLE_STOP_SIGNALS = {"postgres": signal.SIGINT}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRecord:
    """A role's process. `state` is running, restarting or stopped."""

    role: str
    pid: int | None
    created: float | None
    state: str

    @property
    def process_id(self) -> ProcessId | None:
        if self.pid is None or self.created is None:
            return None
        return ProcessId(pid=self.pid, created=self.created)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInAddress:
    """How the stand-in for the model's server is asked."""

    model: str
    base_url: str
    api_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """The running system, as its supervisor last wrote it.

    `phase` is starting, ready or stopping; an address that is not known yet is empty. `stand_in` is there where a
    recorded session is played in the place of the model's server.
    """

    phase: str
    supervisor: ProcessRecord
    web_url: str = ""
    flower_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    processes: tuple[ProcessRecord, ...] = field(default=())
    stand_in: StandInAddress | None = None

    @classmethod
    def read(cls, home: Home) -> "RunState | None":
        """What is written, or None where nothing runs or what is written cannot be read."""
        try:
            raw: dict[str, Any] = json.loads(home.run_file.read_text())
            return cls(
                **{
                    **raw,
                    "stand_in": StandInAddress(**raw["stand_in"]) if raw.get("stand_in") else None,
                    "supervisor": ProcessRecord(**raw["supervisor"]),
                    "processes": tuple(ProcessRecord(**record) for record in raw["processes"]),
                }
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, home: Home) -> None:
        """Replace the file in one step; it holds passwords, so only this user can read it."""
        new = home.run_file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file, indent=1)
        new.replace(home.run_file)

    def with_processes(self, processes: Sequence[ProcessRecord]) -> "RunState":
        return replace(self, processes=tuple(processes))

    def living(self) -> list[ProcessRecord]:
        """The records whose very process is alive, in the order they were started."""
        return [
            record
            for record in self.processes
            if record.process_id is not None and record.process_id.is_alive()
        ]


def this_process() -> ProcessRecord:
    """The record of the process that asks, as a supervisor."""
    process = ProcessId.of(os.getpid())
    return ProcessRecord(role="supervisor", pid=process.pid, created=process.created, state="running")


def end_leftovers(home: Home, *, grace_s: float = 15.0) -> list[ProcessRecord]:
    """End what a killed supervisor left behind: only processes whose pid and creation time were recorded.

    The newest go first, so that the servers outlive those who use them. Call it with the home's lock held.
    """
    state = RunState.read(home)
    if state is None:
        return []
    leftovers = state.living()
    for record in reversed(leftovers):
        if record.process_id is not None:
            record.process_id.end(first=ROLE_STOP_SIGNALS.get(record.role, signal.SIGTERM), grace_s=grace_s)
    home.run_file.unlink(missing_ok=True)
    return leftovers
