"""What `tools/setup.sh` does where it runs twice at once, with a Python that only pretends."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import wait_until
from tools.problems import ROOT

PYTHON = """\
#!/bin/sh
case $* in
*ensurepip*) exit 0 ;;
--version) echo Python 3.11 ;;
"-m venv .venv")
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    echo venv >>log ;;
"-m pip --version") exit 0 ;;
"-m pip install"*)
    echo begin >>log
    for _ in $(seq 600); do [ ! -e gate ] || break; sleep 0.05; done
    echo end >>log ;;
esac
"""
ONCE = ["venv", *["begin", "end"] * 2]
"""The packages, and the project itself."""


@dataclass
class Tree:
    """A source tree with nothing in it but what the script looks at."""

    path: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.path / "said").open("ab") as said:
            process = subprocess.Popen(
                [self.path / "tools/setup.sh"],
                env={**os.environ, "PYTHON": str(self.path / "python")},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def hold(self) -> None:
        (self.path / "gate").unlink()

    def let_pass(self) -> None:
        (self.path / "gate").touch()

    @property
    def log(self) -> list[str]:
        path = self.path / "log"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def said(self) -> str:
        return (self.path / "said").read_text()


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    (tmp_path / "tools").mkdir()
    for name in ("tools/setup.sh", "tools/lock.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    tree = Tree(tmp_path)
    tree.let_pass()
    yield tree
    for process in tree.started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def assert_ends_well(tree: Tree, process: subprocess.Popen[bytes]) -> None:
    assert process.wait(timeout=60) == 0, tree.said
    assert not os.path.lexists(tree.path / ".setting-up")


def test_who_comes_later_waits_and_finds_it_done(tree: Tree) -> None:
    tree.hold()
    first = tree.start()
    wait_until(lambda: "begin" in tree.log, "the first installs")
    second = tree.start()
    wait_until(lambda: f"Waiting for another setup (pid {first.pid}) …" in tree.said, "the second waits")
    tree.let_pass()
    assert_ends_well(tree, first)
    assert_ends_well(tree, second)
    assert tree.log == ONCE


def test_what_is_done_already_waits_for_nobody(tree: Tree) -> None:
    assert_ends_well(tree, tree.start())
    (tree.path / ".setting-up").symlink_to(str(os.getpid()))
    assert tree.start().wait(timeout=60) == 0
    assert tree.log == ONCE


def test_the_lock_of_one_that_was_killed_is_no_hindrance(tree: Tree) -> None:
    tree.hold()
    first = tree.start()
    wait_until(lambda: "begin" in tree.log, "the first installs")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert (tree.path / ".setting-up").readlink() == Path(str(first.pid))
    tree.let_pass()
    assert_ends_well(tree, tree.start())
    assert tree.log == ["venv", "begin", *ONCE[1:]]


def test_what_is_no_lock_is_named(tree: Tree) -> None:
    (tree.path / ".setting-up").write_text("What is this?")
    assert tree.start().wait(timeout=60) == 1
    assert tree.said.startswith("setup: ./.setting-up cannot be made (ln: ")
    assert "File exists" in tree.said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start another user's process")
def test_another_users_process_is_alive() -> None:
    """Who cannot be signalled is alive all the same."""
    asked = (
        ROOT / "tools/lock.sh"
    ).read_text() + "kill -0 1 2>/dev/null || echo no; is_alive 1 && echo alive"
    seen = subprocess.run(
        ["/bin/sh", "-c", asked], cwd="/", user=65534, capture_output=True, text=True, check=False
    )
    assert seen.stdout == "no\nalive\n", seen.stderr


def test_one_that_is_interrupted_lets_go(tree: Tree) -> None:
    tree.hold()
    first = tree.start()
    wait_until(lambda: "begin" in tree.log, "the first installs")
    os.killpg(first.pid, signal.SIGINT)
    assert first.wait(timeout=60) != 0
    assert not os.path.lexists(tree.path / ".setting-up")
