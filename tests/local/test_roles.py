"""The single roles on real servers."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from server.local.ports import free_port
from server.local.probes import http_problem
from server.local.services import LocalServices
from tests.processes import wait_until


@pytest.fixture
def environment(home_directory: Path) -> Iterator[dict[str, str]]:
    with LocalServices(home_directory, durable=False) as services:
        yield {
            **os.environ,
            "COACH_HOME": str(home_directory),
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "FLOWER_BASIC_AUTH": "",
        }


def start(environment: dict[str, str], *role: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "server.cli", *role],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def running(environment: dict[str, str], *role: str) -> Iterator[subprocess.Popen[str]]:
    with start({**environment, "PYTHONUNBUFFERED": "1"}, *role) as process:
        try:
            yield process
        finally:
            process.kill()


def get(port: int, path: str, login: str | None = None) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_migrations_that_run_at_once_wait_for_each_other(environment: dict[str, str]) -> None:
    both = [start(environment, "migrate") for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Applying users.0001_initial" in text for text in said) == 1
    with start(environment, "migrate", "--check") as checked:
        assert checked.wait() == 0


def test_what_is_not_migrated_is_told(environment: dict[str, str]) -> None:
    with start(environment, "migrate", "--check") as checked:
        said, _ = checked.communicate()
    assert checked.returncode == 1
    assert said.strip().endswith("migrations are not applied.")


def test_the_demo_login_is_made_once_and_opens_with_its_password(environment: dict[str, str]) -> None:
    for _ in range(2):
        with start(environment, "migrate", "--demo-login", "demo@example.com") as migrated:
            said, _ = migrated.communicate()
            assert migrated.returncode == 0, said
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT email, is_staff FROM users").fetchall() == [
            ("demo@example.com", True)
        ]
    assert Path(environment["COACH_HOME"], "demo_password").stat().st_mode & 0o077 == 0


def test_flower_asks_for_a_login_and_sees_a_worker_come_back(environment: dict[str, str]) -> None:
    with start(environment, "migrate") as migrated:
        migrated.communicate()
    port = free_port()
    with running(environment, "flower", "--port", str(port)) as flower:
        wait_until(lambda: http_problem(port, "/healthcheck") is None, "flower answers", timeout_s=60)
        login = Path(environment["COACH_HOME"], "flower_auth").read_text().strip()
        assert get(port, "/workers")[0] == 401
        assert get(port, "/workers", "coach:wrong")[0] == 401
        assert get(port, "/workers", login)[0] == 200
        pids = []
        for _ in range(2):
            with running(environment, "worker", "--name", "worker-1") as worker:
                wait_until(partial(_sees, port, login, worker.pid), "flower sees the worker", timeout_s=60)
                pids.append(worker.pid)
        assert pids[0] != pids[1]
        assert "actions" in get(port, "/broker", login)[1]
        flower.terminate()
        assert flower.wait(20) == 0
    assert any(path.name.startswith("flower_state") for path in Path(environment["COACH_HOME"]).iterdir())


def test_a_worker_that_is_told_to_end_ends(environment: dict[str, str]) -> None:
    with start(environment, "migrate") as migrated:
        migrated.communicate()
    with running(environment, "worker", "--name", "worker-1") as worker:
        assert worker.stdout is not None
        assert any("ready" in line for line in worker.stdout)
        worker.terminate()
        assert worker.wait(30) == 0


def test_doctor_says_what_is_there_and_what_is_missing(environment: dict[str, str]) -> None:
    with start(environment, "doctor") as before:
        said, _ = before.communicate()
    assert before.returncode == 1
    assert "Apply them: coach migrate" in said
    with start(environment, "migrate") as migrated:
        migrated.communicate()
    with start(environment, "doctor") as after:
        said, _ = after.communicate()
    assert after.returncode == 0, said
    assert "PostgreSQL 18" in said
    assert "noeviction, append-only file on" in said


def _sees(port: int, login: str, pid: int) -> bool:
    """Whether Flower knows a worker with this pid."""
    workers = json.loads(get(port, "/workers?json=1", login)[1])["data"]
    return pid in [worker["pid"] for worker in workers]
