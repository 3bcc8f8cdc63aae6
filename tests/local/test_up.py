"""`coach up` from end to end: a real system, in homes of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from redis import Redis

from server.local.ports import free_port
from server.local.probes import http_problem
from tests.local.conftest import assert_nothing_runs
from tests.processes import wait_until

pytestmark = pytest.mark.timeout(300)
FREE_PORTS = ("--port", "0", "--flower-port", "0")
AGAIN_S = 60.0
ROLES = ["supervisor", "postgres", "redis", "relay", "worker-1", "web", "flower"]


class System:
    """One home, and the `coach` command in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        # The run's own servers and settings are not for these systems.
        ours = ("DATABASE_URL", "REDIS_URL", "FLOWER_BASIC_AUTH", "COACH_HOME")
        self.environment = {name: value for name, value in os.environ.items() if name not in ours}

    def coach(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *arguments, "--home", str(self.home)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self, *arguments: str) -> str:
        started = self.coach("up", "--detach", "--workers", "1", *(arguments or FREE_PORTS))
        assert started.returncode == 0, started.stdout + started.stderr
        return started.stdout

    def down(self) -> str:
        ended = self.coach("down")
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.coach("status", "--json").stdout)
        return answer

    def pids(self) -> dict[str, int]:
        return {process["role"]: process["pid"] for process in self.status()["processes"]}


@pytest.fixture
def new_system(new_home: Callable[[], Path]) -> Iterator[Callable[[], System]]:
    systems: list[System] = []

    def make() -> System:
        systems.append(System(new_home()))
        return systems[-1]

    yield make
    for system in systems:
        system.down()


def port_of(url: str) -> int:
    return int(url.rstrip("/").rsplit(":", 1)[1])


def test_up_status_and_down(new_system: Callable[[], System]) -> None:
    system = new_system()
    said = system.up()
    status = system.status()
    assert list(status) == ["web", "flower", "database", "redis", "processes", "actions"]
    assert [process["role"] for process in status["processes"]] == ROLES
    assert {process["state"] for process in status["processes"]} == {"running"}
    assert status["actions"] == {}
    for part in (status["web"], status["flower"], "Demo login", "demo@example.com"):
        assert part in said
    assert http_problem(port_of(status["web"]), "/readyz") is None
    assert Redis.from_url(status["redis"]).ping()
    with psycopg.connect(status["database"]) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (1,)
    assert {log.stem for log in (system.home / "logs").glob("*.log")} >= {*ROLES[1:], "migrate"}

    assert system.down().startswith(f"Ended the system in {system.home}")
    assert_nothing_runs(system.home)
    assert not (system.home / "run.json").exists()
    assert system.down() == f"Nothing runs in {system.home}.\n"


def test_every_killed_role_is_started_again(new_system: Callable[[], System]) -> None:
    system = new_system()
    system.up()
    web = port_of(system.status()["web"])
    for role in ROLES[1:]:
        before = system.pids()[role]
        os.kill(before, signal.SIGKILL)
        wait_until(partial(is_back, system, role, before), f"{role} is started again", timeout_s=AGAIN_S)
        wait_until(
            lambda: http_problem(web, "/readyz") is None, "the system is ready again", timeout_s=AGAIN_S
        )
    said = (system.home / "logs" / "up.log").read_text()
    assert [role for role in ROLES[1:] if f"{role} was started again" not in said] == []


def is_back(system: System, role: str, killed: int) -> bool:
    """Whether every role runs, and this one as another process."""
    running = {one["role"]: one["pid"] for one in system.status()["processes"] if one["state"] == "running"}
    return set(running) == set(ROLES) and running[role] != killed


def test_a_killed_supervisor_does_not_stop_the_next_start(new_system: Callable[[], System]) -> None:
    system = new_system()
    system.up()
    before = system.pids()
    os.kill(before["supervisor"], signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(before["supervisor"]), "the supervisor is gone")
    said = system.up()
    assert f"Ended worker-1 (pid {before['worker-1']}), left over" in said
    assert not set(before.values()) & set(system.pids().values())


def test_down_ends_what_a_killed_supervisor_left(new_system: Callable[[], System]) -> None:
    system = new_system()
    system.up()
    before = system.pids()
    os.kill(before["supervisor"], signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(before["supervisor"]), "the supervisor is gone")
    assert f"postgres (pid {before['postgres']})" in system.down()
    assert_nothing_runs(system.home)


def test_two_homes_run_side_by_side_and_a_home_only_once(new_system: Callable[[], System]) -> None:
    one, other = new_system(), new_system()
    one.up()
    other.up()
    again = one.coach("up", *FREE_PORTS)
    assert again.returncode == 2
    assert again.stderr == (
        f"coach: The system runs already in {str(one.home)!r} (pid {one.pids()['supervisor']}). "
        "End it with `coach down`.\n"
    )
    one.down()
    assert_nothing_runs(one.home)
    assert http_problem(port_of(other.status()["web"]), "/readyz") is None


def test_a_busy_port_is_one_clear_line(new_system: Callable[[], System]) -> None:
    one, other = new_system(), new_system()
    port = str(free_port())
    one.up("--port", port, "--flower-port", "0")
    for detach in ([], ["--detach"]):
        refused = other.coach("up", "--port", port, "--flower-port", "0", *detach)
        assert refused.returncode == 2
        assert refused.stderr == (
            f"coach: Port {port} is in use by another program: "
            "choose another with --port, or --port 0 for a free one.\n"
        )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(new_system: Callable[[], System], ending: signal.Signals) -> None:
    system = new_system()
    command = [
        sys.executable,
        "-m",
        "server.cli",
        "up",
        "--home",
        str(system.home),
        "--workers",
        "1",
        *FREE_PORTS,
    ]
    with subprocess.Popen(
        command, env={**system.environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout is not None
        assert any("End it" in line for line in up.stdout)
        up.send_signal(ending)
        said = up.stdout.read()
    assert up.returncode == 0
    assert "Everything has ended." in said
    assert_nothing_runs(system.home)


def test_servers_that_are_named_are_used_and_left_alone(new_system: Callable[[], System]) -> None:
    lender, borrower = new_system(), new_system()
    lender.up()
    lent = lender.status()
    borrower.environment |= {"DATABASE_URL": lent["database"], "REDIS_URL": lent["redis"]}
    said = borrower.up()
    assert "Demo login" not in said
    status = borrower.status()
    assert (status["database"], status["redis"]) == (lent["database"], lent["redis"])
    assert not {"postgres", "redis"} & {process["role"] for process in status["processes"]}
    borrower.down()
    assert_nothing_runs(borrower.home)
    assert Redis.from_url(lent["redis"]).ping()
    assert http_problem(port_of(lent["web"]), "/readyz") is None
