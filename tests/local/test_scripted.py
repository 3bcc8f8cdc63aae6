"""`coach up --coach scripted FILE`: a recorded session, through the real code of the model coach."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.local.conftest import assert_nothing_runs
from tests.local.test_up import FREE_PORTS, System
from tests.processes import wait_until

pytestmark = pytest.mark.timeout(300)
COACH = (sys.executable, "-m", "server.cli")

SESSION = """
name: A first conversation
steps:
  - answer: {message: "Welcome! What may I call you?"}
  - {rate_limit: 0.1}
  - answer: {message: "Good to meet you.", add_user_note: {params: {note: "Is called Ada."}}}
after:
  answer: {message: "That is all."}
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    file = tmp_path / "session.yaml"
    file.write_text(SESSION)
    return file


@pytest.fixture
def system(new_home: Callable[[], Path]) -> Iterator[System]:
    made = System(new_home())
    # A real key and another server are somebody's: the stand-in takes their place.
    made.environment |= {"OPENAI_API_KEY": "sk-somebodys", "COACH_PROVIDER": "openai"}
    yield made
    made.down()


def post(web: str, path: str, token: str, sent: dict[str, Any]) -> Any:
    connection = HTTPConnection(urlsplit(web).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"/api/v1/{path}", json.dumps(sent), headers)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        return json.loads(answer.read())
    finally:
        connection.close()


def test_a_recorded_session_is_played(system: System, session: Path) -> None:
    system.up("--coach", "scripted", str(session), *FREE_PORTS)
    status = system.status()
    assert "model-server" in [process["role"] for process in status["processes"]]
    token = token_of(system)
    said = [
        post(status["web"], "messages", token, {"content": text})["coach_message"]
        for text in ("hello", "Ada", "and now?")
    ]
    assert [one["content"] for one in said] == [
        "Welcome! What may I call you?",
        "Good to meet you.",
        "That is all.",
    ]
    with psycopg.connect(status["database"], autocommit=True) as database:
        wait_until(lambda: notes(database) == [("Is called Ada.",)], "the note is written")
        asked = database.execute("SELECT DISTINCT model FROM chat_messages WHERE role = 'coach'").fetchall()
    assert asked == [("scripted",)]
    assert "coach: That is all." in chat(system, "In the terminal")
    system.down()
    assert_nothing_runs(system.home)
    logs = "".join(log.read_text() for log in (system.home / "logs").glob("*.log"))
    assert "sk-somebodys" not in logs


def token_of(system: System) -> str:
    made = subprocess.run(
        [*COACH, "token", "create", "--email", "demo@example.com"],
        env={**system.environment, "COACH_HOME": str(system.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip().splitlines()[-1]


def chat(system: System, text: str) -> str:
    """What `coach chat` shows beside the running system, where the environment names no coach."""
    return subprocess.run(
        [*COACH, "chat", "--email", "demo@example.com", "--message", text],
        env={**system.environment, "COACH_HOME": str(system.home), "COACH_PROVIDER": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.partition(text)[2]


def notes(database: psycopg.Connection[Any]) -> list[Any]:
    return database.execute("SELECT note FROM user_notes").fetchall()


def test_a_session_that_cannot_be_played_is_one_line_before_anything_starts(
    system: System, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("steps: [{answer: {massage: Hello.}}]")
    for detach in ([], ["--detach"]):
        refused = system.coach("up", "--coach", "scripted", str(wrong), *FREE_PORTS, *detach)
        assert refused.returncode == 2
        (line,) = refused.stderr.splitlines()
        assert line.startswith(
            f"coach: {wrong}: steps.0: the answer is no structured response: message: Field required"
        )
    assert not (system.home / "postgres").exists()
