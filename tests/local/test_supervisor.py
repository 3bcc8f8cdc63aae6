"""The supervisor, with small real programs as its roles."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from server.local.child import Role
from server.local.errors import LocalError
from server.local.run_state import ProcessRecord
from server.local.signals import SignalInbox
from server.local.supervisor import RestartPolicy, Supervisor, ToldToEndError

FOREVER = "import time\nwhile True: time.sleep(60)"
QUICK = RestartPolicy(first_delay_s=0.01, max_delay_s=0.05, alarm_after=3)


class Bench:
    """A supervisor, what it said, and what to do when it says something."""

    def __init__(self, logs: Path, inbox: SignalInbox) -> None:
        self.logs = logs
        self.said: list[str] = []
        self.records: Sequence[ProcessRecord] = ()
        self.when_said: Callable[[str], None] = lambda _: None
        self.supervisor = Supervisor(
            logs=logs, inbox=inbox, report=self._hear, changed=self._note, restart=QUICK
        )

    def role(self, name: str, program: str, **fields: object) -> Role:
        command = (sys.executable, "-c", program, str(self.logs))
        return Role(name=name, command=command, environment=dict(os.environ), **fields)  # type: ignore[arg-type]

    def pid(self, name: str) -> int:
        pids = {record.role: record.pid for record in self.records}
        pid = pids[name]
        assert pid is not None
        return pid

    def missing(self, file: str) -> str | None:
        return None if (self.logs / file).exists() else f"{file} is missing"

    def _hear(self, text: str) -> None:
        self.said.append(text)
        self.when_said(text)

    def _note(self, records: Sequence[ProcessRecord]) -> None:
        self.records = records


@pytest.fixture
def bench(home_directory: Path) -> Iterator[Bench]:
    with SignalInbox() as inbox:
        bench = Bench(home_directory, inbox)
        yield bench
        bench.supervisor.stop()


def end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_killed_role_is_started_again_and_said_so(bench: Bench) -> None:
    bench.supervisor.start(bench.role("steady", FOREVER))
    killed = bench.pid("steady")
    bench.when_said = lambda text: end_this_process() if "was started again" in text else None
    os.kill(killed, signal.SIGKILL)
    bench.supervisor.supervise()
    assert bench.pid("steady") != killed
    assert f"steady (pid {killed}) ended: killed by SIGKILL. It starts again in 0.01 s." in bench.said


def test_a_role_that_keeps_dying_is_said_so_with_the_end_of_its_log(bench: Bench) -> None:
    bench.when_said = lambda text: end_this_process() if "no such table" in text else None
    bench.supervisor.start(bench.role("broken", "print('no such table'); raise SystemExit(3)"))
    bench.supervisor.supervise()
    assert "broken keeps dying (3 times in a row)." in bench.said
    assert "  | no such table" in bench.said


def test_a_role_that_does_not_stay_up_ends_the_start(bench: Bench) -> None:
    bench.supervisor.start(bench.role("broken", "raise SystemExit(3)"))
    with pytest.raises(LocalError, match=r"broken does not stay up \(exit code 3\): see .*broken\.log"):
        bench.supervisor.wait_ready("broken", lambda: "no answer", timeout_s=60)


def test_a_role_that_is_never_ready_is_named_with_the_reason(bench: Bench) -> None:
    bench.supervisor.start(bench.role("slow", FOREVER))
    with pytest.raises(
        LocalError, match=r"slow is not ready after 0\.2 s \(relay is missing\): see .*slow\.log"
    ):
        bench.supervisor.wait_ready("slow", lambda: "relay is missing", timeout_s=0.2)


def test_a_signal_during_the_start_ends_it(bench: Bench) -> None:
    bench.supervisor.start(bench.role("slow", FOREVER))
    end_this_process()
    with pytest.raises(ToldToEndError):
        bench.supervisor.wait_ready("slow", lambda: "no answer", timeout_s=60)


def test_a_passing_role_must_succeed_and_is_not_started_again(bench: Bench) -> None:
    bench.supervisor.run_to_end(bench.role("migrate", "pass"), timeout_s=60)
    assert bench.records == []
    with pytest.raises(LocalError, match=r"migrate failed \(exit code 4\)"):
        bench.supervisor.run_to_end(bench.role("migrate", "raise SystemExit(4)"), timeout_s=60)


def test_roles_are_ended_in_order_and_may_finish_what_they_do(bench: Bench) -> None:
    program = (
        "import pathlib, signal, sys, time\n"
        "place = pathlib.Path(sys.argv[1])\n"
        "def end(*_):\n"
        "    with (place / 'ends').open('a') as file: file.write('{name} ')\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "(place / '{name}.up').touch()\n"
        "while True: time.sleep(60)\n"
    )
    for order, name in ((2, "server"), (0, "web"), (1, "worker")):
        bench.supervisor.start(bench.role(name, program.replace("{name}", name), stop_order=order))
        bench.supervisor.wait_ready(name, partial(bench.missing, f"{name}.up"), timeout_s=60)
    bench.supervisor.stop()
    assert (bench.logs / "ends").read_text().split() == ["web", "worker", "server"]


def test_a_role_that_does_not_end_is_killed_with_its_own_children(bench: Bench) -> None:
    program = (
        "import pathlib, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]])\n"
        "pathlib.Path(sys.argv[1], 'up').touch()\n"
        "while True: time.sleep(60)\n"
    )
    bench.supervisor.start(bench.role("deaf", program, grace_s=0.2))
    bench.supervisor.wait_ready("deaf", partial(bench.missing, "up"), timeout_s=60)
    bench.supervisor.stop()
    assert "deaf did not end within 0.2 s; it is killed." in bench.said


def test_a_second_signal_cuts_the_grace_short(bench: Bench) -> None:
    program = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1], 'up').touch()\n"
        "while True: time.sleep(60)\n"
    )
    bench.supervisor.start(bench.role("deaf", program, grace_s=3600))
    bench.supervisor.wait_ready("deaf", partial(bench.missing, "up"), timeout_s=60)
    end_this_process()
    bench.supervisor.supervise()
    end_this_process()
    bench.supervisor.stop()
    assert bench.said == []


def test_a_program_that_is_not_there_is_one_clear_error(bench: Bench) -> None:
    role = Role(name="web", command=("/no/such/program",))
    with pytest.raises(LocalError, match=r"web cannot be started: .*'/no/such/program'"):
        bench.supervisor.start(role)
