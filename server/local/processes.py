"""Processes told apart by pid and creation time: a pid that was given away again is never signalled."""

import os
import signal
from dataclasses import dataclass

import psutil

# Creation times have the precision of a clock tick; no pid comes round again within this time.
SAME_START_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessId:
    """One process, for ever: its pid and the moment it was created (seconds since the epoch)."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        """Raises psutil.NoSuchProcess where there is none."""
        return cls(pid=pid, created=psutil.Process(pid).create_time())

    def find(self) -> psutil.Process | None:
        """The living process, or None: it ended, or the pid is another's now."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) > SAME_START_S:
                return None
            return None if process.status() == psutil.STATUS_ZOMBIE else process
        except psutil.NoSuchProcess:
            return None

    def is_alive(self) -> bool:
        return self.find() is not None

    def end(self, *, first: signal.Signals = signal.SIGTERM, grace_s: float) -> bool:
        """Ask the process to end, and kill it after `grace_s`. Answers whether it was there."""
        process = self.find()
        if process is None:
            return False
        for sign, wait_s in ((first, grace_s), (signal.SIGKILL, 10.0)):
            try:
                process.send_signal(sign)
                process.wait(wait_s)
            except psutil.NoSuchProcess:
                return True
            except psutil.TimeoutExpired:
                continue
            return True
        return True


def describe_exit(code: int) -> str:
    """`exit code 1`, or `killed by SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def kill_group(leader: int) -> None:
    """Kill the process group that this still unreaped child leads."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # macOS answers EPERM where every member is a zombie already.
        return
