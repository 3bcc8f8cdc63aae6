"""What `coach doctor` says of the chat page and of the coach."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from server.local.doctor import Finding, examine
from server.local.home import Home
from server.local.ports import free_port
from server.testing.model_server.running import ModelServer

BUILT = pytest.mark.parametrize(
    ("name", "place", "command"),
    [("chat page", "client", "make client"), ("documentation", "docs", "make docs")],
)


def found(name: str, tmp_path: Path) -> Finding:
    findings = examine(Home(tmp_path / "home"), client=tmp_path / "client", docs=tmp_path / "docs")
    return next(finding for finding in findings if finding.name == name)


@BUILT
def test_what_is_built_is_found(name: str, place: str, command: str, tmp_path: Path) -> None:
    (tmp_path / place).mkdir()
    (tmp_path / place / "index.html").touch()

    assert found(name, tmp_path).holds


@BUILT
def test_how_to_build_it_is_said_where_it_is_missing(
    name: str, place: str, command: str, tmp_path: Path
) -> None:
    finding = found(name, tmp_path)

    assert finding.holds is None
    assert command in finding.mend


OFFLINE = "the offline coach"
SAYS = """
from rich.console import Console
from server.cli.status import coach_finding, show_finding

show_finding(Console(highlight=False, soft_wrap=True), coach_finding())
"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>Hello.</p>")


@contextmanager
def a_web_page() -> Iterator[int]:
    """The port of a server that answers everything with a page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("environment", "mend"),
    [
        ({}, "Set OPENAI_API_KEY"),
        ({"OPENAI_BASE_URL": "http://me:sk-secret@localhost:11434/v1"}, "set COACH_PROVIDER to openai"),
        ({"OPENAI_API_KEY": "sk-secret", "COACH_PROVIDER": "offline"}, "COACH_PROVIDER is set to offline"),
    ],
)
def test_it_says_what_a_model_would_need_where_none_is_asked(environment: dict[str, str], mend: str) -> None:
    assert_said_of_the_coach(environment, ("-", OFFLINE, mend))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ("ok", "gpt-6.1-terra at 127.0.0.1:{port}: the model is in the server's list", "")),
        (
            {"COACH_PROVIDER": "scripted"},
            ("ok", "a recorded session, played by 127.0.0.1:{port}", ""),
        ),
        ({"COACH_MODEL": "another"}, ("-", "the server does not list this model", "Check COACH_MODEL")),
        ({"OPENAI_API_KEY": "sk-secret"}, ("missing", "does not take the key", "Check OPENAI_API_KEY")),
        (
            {"OPENAI_API_KEY": ""},
            ("missing", "without a key: the server does not take", "Check OPENAI_API_KEY"),
        ),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:{port}"}, ("-", "lists no models", "OPENAI_BASE_URL")),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:{web}/"}, ("-", "lists no models", "OPENAI_BASE_URL")),
        (
            {"OPENAI_BASE_URL": "http://me:sk-secret@[::1]:{free}/v1"},
            ("missing", "gpt-6.1-terra at [::1]:{free}: the server cannot be asked", "that the server runs"),
        ),
    ],
    ids=[
        "model",
        "script",
        "other model",
        "wrong key",
        "no key",
        "wrong address",
        "a web page",
        "nobody there",
    ],
)
def test_it_says_whether_the_models_server_can_be_asked(
    changed: dict[str, str], told: tuple[str, str, str]
) -> None:
    with ModelServer([]) as server, a_web_page() as web:
        ports = {"port": urlsplit(server.base_url).port, "free": free_port(), "web": web}
        environment = {**server.environment, **changed}
        assert_said_of_the_coach(
            {name: value.format(**ports) for name, value in environment.items()},
            tuple(one.format(**ports) for one in told),
        )


def assert_said_of_the_coach(environment: dict[str, str], told: tuple[str, ...]) -> None:
    coach = {"COACH_PROVIDER": "", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "NO_COLOR": "1"}
    line = subprocess.run(
        [sys.executable, "-c", SAYS],
        env={**os.environ, **coach, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    mark, detail, mend = told
    assert line.split()[:2] == [mark, "coach"]
    assert detail in line
    assert mend in line if mend else "→" not in line
    assert "sk-secret" not in line


def test_the_doctor_says_it_beside_all_else(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "server.cli", "doctor", "--home", str(tmp_path)],
        env={**os.environ, "COACH_PROVIDER": "offline", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert [line.split()[0] for line in shown.splitlines() if line.split()[1:2] == ["coach"]] == ["-"]
