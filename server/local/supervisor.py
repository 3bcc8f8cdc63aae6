"""Keeps roles running: starts them, starts them again when they die, says so, and ends them in order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from server.local.child import Child, Role
from server.local.errors import LocalError
from server.local.logs import keep_small, tail
from server.local.processes import describe_exit
from server.local.run_state import ProcessRecord
from server.local.signals import SignalInbox

TICK_S = 1.0
READY_POLL_S = 0.05
LOG_CHECK_S = 30.0


class ToldToEndError(LocalError):
    """The system was told to end before it was ready."""

    exit_code = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """When a role that died is started again.

    The delay doubles with every death in a row, from `first_delay_s` to `max_delay_s`; a role that ran for
    `stable_after_s` starts from the beginning. After `alarm_after` deaths in a row its log is shown.
    """

    first_delay_s: float = 0.5
    max_delay_s: float = 30.0
    stable_after_s: float = 20.0
    alarm_after: int = 3

    def delay_s(self, deaths: int) -> float:
        return min(self.max_delay_s, self.first_delay_s * float(2 ** min(deaths - 1, 16)))


class _Supervised:
    """A role under supervision: its present process, or when the next one is due."""

    def __init__(self, child: Child) -> None:
        self.role = child.role
        self.log = child.log
        self.child: Child | None = child
        self.deaths = 0
        self.due_at = 0.0

    @property
    def record(self) -> ProcessRecord:
        if self.child is None:
            return ProcessRecord(role=self.role.name, pid=None, created=None, state="restarting")
        return _record(self.child)


def _record(child: Child) -> ProcessRecord:
    process = child.process_id
    return ProcessRecord(role=child.role.name, pid=process.pid, created=process.created, state="running")


class Supervisor:
    """Supervises roles from one thread. `changed` is called after every start and every death."""

    def __init__(
        self,
        *,
        logs: Path,
        inbox: SignalInbox,
        report: Callable[[str], None],
        changed: Callable[[Sequence[ProcessRecord]], None],
        restart: RestartPolicy | None = None,
    ) -> None:
        self._logs = logs
        self._inbox = inbox
        self._report = report
        self._changed = changed
        self._restart = restart or RestartPolicy()
        self._supervised: dict[str, _Supervised] = {}
        self._passing: Child | None = None
        self._logs_checked_at = time.monotonic()

    @property
    def records(self) -> list[ProcessRecord]:
        passing = [_record(self._passing)] if self._passing is not None else []
        return [supervised.record for supervised in self._supervised.values()] + passing

    def start(self, role: Role) -> None:
        """Start a role and keep it running from now on."""
        self._supervised[role.name] = _Supervised(self._spawn(role))
        self._tell()

    def run_to_end(self, role: Role, *, timeout_s: float) -> None:
        """Run a role that ends by itself. Raises LocalError where it fails or takes too long."""
        child = self._passing = self._spawn(role)
        self._tell()
        try:
            self._wait(lambda: child.exit_code is not None, timeout_s)
        except TimeoutError as error:
            self._show_log(child)
            raise LocalError(f"{role.name} did not end within {timeout_s:g} s: see {child.log}.") from error
        finally:
            self._passing = None
            child.end()
            self._tell()
        if child.exit_code:
            self._show_log(child)
            raise LocalError(f"{role.name} failed ({describe_exit(child.exit_code)}): see {child.log}.")

    def wait_ready(self, name: str, problem: Callable[[], str | None], *, timeout_s: float) -> None:
        """Until `problem` answers None. Raises LocalError, naming the problem, where that takes too long."""
        try:
            self._wait(lambda: problem() is None, timeout_s)
        except TimeoutError as error:
            supervised = self._supervised[name]
            self._show_log(supervised)
            raise LocalError(
                f"{name} is not ready after {timeout_s:g} s ({problem()}): see {supervised.log}."
            ) from error

    def supervise(self) -> None:
        """Keep every role running until a signal tells the system to end."""
        while not self._inbox.told_to_end:
            self._inbox.wait(self._next_due_s())
            self._tend()

    def stop(self) -> None:
        """End every role, in the order of `stop_order`; a second signal meanwhile cuts the grace short."""
        ordered = sorted(self._supervised.values(), key=lambda supervised: supervised.role.stop_order)
        for _, stage in groupby(ordered, key=lambda supervised: supervised.role.stop_order):
            self._end_together([supervised.child for supervised in stage if supervised.child is not None])
        self._supervised.clear()

    def _end_together(self, children: Sequence[Child]) -> None:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + max((child.role.grace_s for child in children), default=0.0)
        while any(child.exit_code is None for child in children):
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0 or self._inbox.told_to_hurry:
                break
            self._inbox.wait(min(0.1, remaining_s))
        for child in children:
            if child.exit_code is None:
                if not self._inbox.told_to_hurry:
                    self._report(
                        f"{child.role.name} did not end within {child.role.grace_s:g} s; it is killed."
                    )
                child.kill()

    def _wait(self, condition: Callable[[], bool], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            if self._inbox.told_to_end:
                raise ToldToEndError("Told to end before the system was ready.")
            if time.monotonic() > deadline:
                raise TimeoutError
            self._inbox.wait(READY_POLL_S)
            self._tend(starting=True)

    def _tend(self, *, starting: bool = False) -> None:
        for supervised in list(self._supervised.values()):
            if supervised.child is None:
                self._revive(supervised)
            elif supervised.child.exit_code is not None:
                self._bury(supervised, supervised.child, supervised.child.exit_code, starting=starting)
        self._keep_logs_small()

    def _bury(self, supervised: _Supervised, child: Child, code: int, *, starting: bool) -> None:
        supervised.deaths = 1 if child.age_s >= self._restart.stable_after_s else supervised.deaths + 1
        supervised.child = None
        delay_s = self._restart.delay_s(supervised.deaths)
        supervised.due_at = time.monotonic() + delay_s
        self._tell()
        self._report(
            f"{supervised.role.name} (pid {child.pid}) ended: {describe_exit(code)}. "
            f"It starts again in {delay_s:g} s."
        )
        if supervised.deaths == self._restart.alarm_after:
            self._report(f"{supervised.role.name} keeps dying ({supervised.deaths} times in a row).")
            self._show_log(supervised)
            if starting:
                raise LocalError(
                    f"{supervised.role.name} does not stay up ({describe_exit(code)}): see {child.log}."
                )

    def _revive(self, supervised: _Supervised) -> None:
        if time.monotonic() < supervised.due_at:
            return
        try:
            supervised.child = self._spawn(supervised.role)
        except LocalError as error:
            supervised.deaths += 1
            supervised.due_at = time.monotonic() + self._restart.delay_s(supervised.deaths)
            self._report(f"{supervised.role.name} could not be started again: {error}")
            return
        self._tell()
        self._report(f"{supervised.role.name} was started again (pid {supervised.child.pid}).")

    def _spawn(self, role: Role) -> Child:
        return Child(role, self._logs / f"{role.name}.log")

    def _tell(self) -> None:
        self._changed(self.records)

    def _show_log(self, shown: "Child | _Supervised") -> None:
        lines = tail(shown.log)
        self._report(f"The log of {shown.role.name} ({shown.log}) ends with:")
        for line in lines or ["(it is empty)"]:
            self._report(f"  | {line}")

    def _next_due_s(self) -> float:
        dues = [supervised.due_at for supervised in self._supervised.values() if supervised.child is None]
        return min([TICK_S, *(due - time.monotonic() for due in dues)])

    def _keep_logs_small(self) -> None:
        if time.monotonic() - self._logs_checked_at > LOG_CHECK_S:
            self._logs_checked_at = time.monotonic()
            for supervised in self._supervised.values():
                keep_small(supervised.log)
