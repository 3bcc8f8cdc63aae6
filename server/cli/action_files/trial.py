"""A copy of the checkout in which a change is made, generated from, and tried, before anything of it is kept."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from server.cli.errors import CommandError

COPIED = ("server", "workers", "tools", "tests", "bench", "client", "docs", "examples")
LEFT_OUT = {"__pycache__", "dist", ".docusaurus"}
LINKED = {"node_modules"}

SETS_UP = "import django; django.setup(); import server.urls, server.services.action_handler.handler"
STEPS = {
    "generate the rest": ("-m", "tools.generate"),
    "write the prompts' snapshots": ("-m", "tests.prompts.snapshots"),
    "start": ("-c", SETS_UP),
}


class Trial:
    """The copy of the checkout in `root`, made in `tree`."""

    def __init__(self, root: Path, tree: Path) -> None:
        self._root, self.tree = root, tree
        self._copied: dict[Path, bytes] = {}
        for path in _files(root):
            target = self.tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if (root / path).is_dir() or (root / path).is_symlink():  # packages that were installed
                target.symlink_to((root / path).resolve())
            else:
                shutil.copy2(root / path, target)
                self._copied[path] = target.read_bytes()
        if (root / ".venv").exists():
            (self.tree / ".venv").symlink_to(root / ".venv")

    def read(self, path: Path) -> str:
        return (self.tree / path).read_text(encoding="utf-8")

    def write(self, path: Path, text: str) -> None:
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / path).write_text(text, encoding="utf-8")

    def remove(self, path: Path) -> None:
        (self.tree / path).unlink(missing_ok=True)

    def settle(self) -> None:
        """Lay out what was written, generate the rest, and start once. Raises `CommandError` for what is refused."""
        written = [str(path) for path in self.changed() if path.suffix == ".py"]
        for words in ("check --fix --select=I,F401", "format", "check"):
            self._run("lay out the files", "-m", "ruff", *words.split(), "--quiet", *written)
        for what, arguments in STEPS.items():
            self._run(what, *arguments)

    def changed(self) -> dict[Path, bytes | None]:
        """The files that hold something else than when they were copied, and what they held then."""
        return {
            path: self._copied.get(path)
            for path in _files(self.tree)
            if not (self.tree / path).is_symlink()
            and (self.tree / path).read_bytes() != self._copied.get(path)
        }

    def gone(self) -> dict[Path, bytes]:
        """The files that were copied and are not there any more, and what they held then."""
        return {path: held for path, held in self._copied.items() if not (self.tree / path).exists()}

    def _run(self, what: str, *arguments: str) -> None:
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.tree,
            env={**os.environ, "PYTHONPATH": str(self.tree), "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            said = f"{ended.stdout}\n{ended.stderr}".strip()
            if "No module named ruff" in said:
                said = "what the checks need is not installed: run `make dev` first"
            raise CommandError(f"Nothing was changed: could not {what}: {_last_lines(said)}")


def _last_lines(said: str) -> str:
    return " ".join(said.splitlines()[-4:])


def _files(root: Path) -> Iterator[Path]:
    """What belongs to the source, by its path under the root; of packages that were installed, the directory alone."""
    for path in sorted(root.iterdir()):
        if path.is_file() and path.name != ".env":  # its secrets are nobody's business
            yield path.relative_to(root)
    for name in COPIED:
        for directory, directories, files in os.walk(root / name):
            here = Path(directory).relative_to(root)
            yield from (here / one for one in directories if one in LINKED)
            kept = [one for one in directories if not _is_left_out(one)]
            directories[:] = [one for one in kept if one not in LINKED]
            yield from (here / file for file in sorted(files) if not _is_left_out(file))


def _is_left_out(name: str) -> bool:
    return name in LEFT_OUT or name.endswith(".pyc") or name.startswith((".building", ".dist", ".installed"))
