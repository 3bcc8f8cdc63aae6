"""What the pages give to type is typed: every block that begins with `sh run`, in order, beside a running system."""

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
    typed = "\n".join(["set -euxo pipefail", *blocks_of(page, "sh run")])

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
