"""R1, R7: PostgreSQL goes and comes back under roles that hold connections to it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.local.services import LocalServices
from tests.processes import wait_until
from tests.queue.conftest import StartRole

EMAIL = "you@example.org"


class System:
    """Servers of the test's own, which it may kill; the database is migrated and has one user."""

    def __init__(self, services: LocalServices) -> None:
        self.services = services
        self.environment = {
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "COACH_HOME": str(services.home.path),
        }

    def coach(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *arguments],
            input=text,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def apply_note(self, text: str) -> None:
        """Accept one action, and wait until it has succeeded."""
        response = {"message": "…", "add_user_note": {"params": {"note": text}}}
        done = self.coach("submit", "--email", EMAIL, "--wait", "-", text=json.dumps(response))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 succeeded" in done.stdout

    def beat(self) -> object:
        """When the relay last said that it is alive."""
        with psycopg.connect(self.services.database_url) as session:
            return session.execute("SELECT beat_at FROM heartbeats WHERE role = 'relay'").fetchone()


@pytest.fixture
def system() -> Iterator[System]:
    # Outside of pytest's own directory, whose paths are too long for a socket.
    home = Path(tempfile.mkdtemp(prefix="coach-test-"))
    try:
        with LocalServices(home, durable=False) as services:
            system = System(services)
            for command in (
                ["migrate"],
                ["user", "create", "--email", EMAIL, "--password", "walk the garden"],
            ):
                done = system.coach(*command)
                assert done.returncode == 0, done.stderr
            yield system
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_a_database_that_was_killed_and_came_back_is_worked_on(system: System, start: StartRole) -> None:
    worker = start("worker", **system.environment)
    relay = start("relay", **system.environment)
    system.apply_note("before")
    system.services.postgres.kill()
    wait_until(lambda: relay.says("this sweep could not finish"), "the relay finds the database gone")
    system.services.postgres.start()
    before = system.beat()
    wait_until(lambda: system.beat() != before, "the relay's heartbeat goes on")
    system.apply_note("after")
    assert worker.exit_code is None
    assert relay.exit_code is None
