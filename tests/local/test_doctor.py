"""What `coach doctor` says of the chat page and of the coach."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.local.doctor import Finding, examine
from server.local.home import Home


def chat_page(tmp_path: Path) -> Finding:
    found = examine(Home(tmp_path / "home"), client=tmp_path / "dist")
    return next(finding for finding in found if finding.name == "chat page")


def test_a_built_chat_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/index.html").touch()

    assert chat_page(tmp_path).holds


def test_how_to_build_the_chat_page_is_said_where_it_is_missing(tmp_path: Path) -> None:
    finding = chat_page(tmp_path)

    assert finding.holds is None
    assert "make client" in finding.mend


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, ("-", "the offline coach", "Set OPENAI_API_KEY")),
        ({"OPENAI_API_KEY": "sk-secret"}, ("ok", "gpt-6.1-terra at api.openai.com", "")),
        (
            {"OPENAI_BASE_URL": "http://me:sk-secret@localhost:11434/v1"},
            ("-", "the offline coach", "set COACH_PROVIDER to openai"),
        ),
        (
            {"OPENAI_BASE_URL": "http://me:sk-secret@[::1]:11434/v1", "COACH_PROVIDER": "openai"},
            ("ok", "gpt-6.1-terra at [::1]:11434, without a key", ""),
        ),
        (
            {"OPENAI_API_KEY": "sk-secret", "COACH_PROVIDER": "offline"},
            ("-", "the offline coach", "COACH_PROVIDER is set to offline"),
        ),
        (
            {"OPENAI_BASE_URL": "http://127.0.0.1:8001/v1", "COACH_PROVIDER": "scripted"},
            ("ok", "a recorded session, played by 127.0.0.1:8001", ""),
        ),
    ],
)
def test_it_says_which_coach_answers_and_what_a_model_would_need(
    tmp_path: Path, environment: dict[str, str], told: tuple[str, str, str]
) -> None:
    coach = {"COACH_PROVIDER": "", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "NO_COLOR": "1"}
    shown = subprocess.run(
        [sys.executable, "-m", "server.cli", "doctor", "--home", str(tmp_path)],
        env={**os.environ, **coach, **environment},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    (line,) = [line for line in shown.splitlines() if line.split()[1:2] == ["coach"]]
    mark, detail, mend = told
    assert line.split()[0] == mark
    assert detail in line
    assert mend in line if mend else "→" not in line
    assert "sk-secret" not in shown
