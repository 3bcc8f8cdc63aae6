"""The command as a whole: what it lists, how it fails, how fast it says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.cli.commands import COMMANDS

HEAVY = ("django", "celery", "flower", "uvicorn", "psycopg", "redis")


def coach(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COACH_HOME": str(home), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command_and_imports_none_of_them() -> None:
    program = (
        "import sys; from server.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in shown.stdout] == []
    assert shown.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["upp"], "coach: No such command 'upp'. Did you mean 'up'?\n"),
        (
            ["up", "--port", "70000"],
            "coach: --port 70000 is not a port: give 1 to 65535, or 0 for a free one.\n",
        ),
        (["up", "--workers", "-1"], "coach: --workers -1 is not between 0 and 64.\n"),
        (
            ["up", "--coach", "scripted"],
            "coach: --coach scripted needs the file of a session: coach up --coach scripted FILE.\n",
        ),
        (
            ["up", "session.yaml"],
            "coach: 'session.yaml' is played by --coach scripted only: coach up --coach scripted FILE.\n",
        ),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(home_directory: Path, arguments: list[str], line: str) -> None:
    failed = coach(*arguments, home=home_directory)
    assert (failed.returncode, failed.stderr) == (2, line)


def test_a_wrong_variable_stops_the_start_with_one_line_that_names_it(
    home_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    failed = coach("up", home=home_directory)
    assert failed.returncode == 2
    assert failed.stderr.startswith("coach: DATABASE_URL ")
    assert failed.stderr.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_one_line_and_exit_1(
    home_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://coach@/coach?host={home_directory}")
    failed = coach("migrate", "--wait", "0.1", home=home_directory)
    assert failed.returncode == 1
    assert failed.stderr.startswith("coach: The database cannot be reached: ")
    assert failed.stderr.count("\n") == 1


def test_down_where_nothing_runs_says_so(home_directory: Path) -> None:
    ended = coach("down", home=home_directory)
    assert (ended.returncode, ended.stdout) == (0, f"Nothing runs in {home_directory}.\n")


def test_a_home_whose_record_is_broken_is_no_hindrance(home_directory: Path) -> None:
    (home_directory / "run.json").write_text("{")
    assert coach("status", home=home_directory).returncode == 0
    assert coach("down", home=home_directory).returncode == 0
