"""What the pages give to type is typed: every block that begins with `sh run`, in order, beside a running system.

Where a page shows a scenario, it is the one in `scenarios`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT
from tests.docs.pages import DOCS, blocks_of

RUNNABLE = [page for page in sorted(DOCS.rglob("*.md")) if any(blocks_of(page, "sh run"))]
TIMEOUT_S = 300
BEFORE = {
    "freeze-a-conversation.md": (
        "coach user create --email ada@example.org --password 'walk the garden'\n"
        "coach submit --email ada@example.org --wait examples/responses/add_user_note.json"
    ),
}
"""What has happened before somebody reads the page."""
MIRA = {
    "user": {"first_name": "Mira", "last_name": "Okafor"},
    "coach_state": {"current_phase": "identity_brainstorming"},
    "identities": [],
    "chat_messages": [{"role": "coach", "content": "Hello.", "timestamp": "2026-03-01T10:00:00Z"}],
    "user_notes": [],
    "actions": [],
}
COACH = str(Path(sys.executable).with_name("coach"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """That of a terminal in the source tree, beside a system of its own with free ports."""
    home = tmp_path_factory.mktemp("system") / "home"
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = ours | {
        "COACH_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    up = [COACH, "up", "--detach", "--port", "0", "--flower-port", "0", "--workers", "2"]
    started = subprocess.run(
        up, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert started.returncode == 0, started.stdout + started.stderr
    yield environment
    subprocess.run([COACH, "down"], env=environment, capture_output=True, timeout=TIMEOUT_S, check=True)


@pytest.mark.timeout(TIMEOUT_S)
@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_commands_of_the_page_run(page: Path, environment: dict[str, str], tmp_path: Path) -> None:
    for place in (".venv", "examples"):
        (tmp_path / place).symlink_to(ROOT / place)
    (tmp_path / "scenarios").mkdir()
    for number, scenario in enumerate(blocks_of(page, "json")):
        (tmp_path / "scenarios" / f"of-the-page-{number}.json").write_text(scenario)
    (tmp_path / "older.json").write_text(json.dumps(MIRA))
    before = BEFORE.get(page.name, "")
    typed = "\n".join(["set -euxo pipefail", before, *blocks_of(page, "sh run")])

    ran = subprocess.run(
        ["/bin/bash", "-c", typed],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_there_is_something_to_run() -> None:
    assert DOCS / "first-five-minutes.md" in RUNNABLE
