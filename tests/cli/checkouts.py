"""Copies of this checkout, in which actions are added and removed."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from server.cli.action_files.trial import Trial
from tests.contracts.sources import ROOT

Ended = subprocess.CompletedProcess[str]
NOT_OF_THE_SOURCE = {
    "__pycache__",
    "node_modules",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
}

CELEBRATE = (
    "celebrate_identity",
    "--label=Celebrate an identity",
    "--purpose=Celebrate an identity with the user, once they are proud of it.",
    "--param=identity_id:identity",
    "--param=reason:text:Why it is celebrated, in the user's words.",
    "--phase=identity_commitment",
    "--phase=identity_visualization",
    "--after=add_identity_note",
)


class CheckoutCopy:
    """A checkout of its own in `root`; what is installed beside this one is used."""

    def __init__(self, root: Path) -> None:
        self.root = root
        Trial(ROOT, root)

    def coach(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """`coach ARGUMENTS` of this checkout."""
        return self.python("-m", "server.cli", *arguments, given=given, **environment)

    def python(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        return self.run(sys.executable, *arguments, given=given, environment=environment)

    def run(self, *command: str, given: str = "", environment: Mapping[str, str] | None = None) -> Ended:
        return subprocess.run(
            command,
            cwd=self.root,
            env={**self.environment, **(environment or {})},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def take_over_mypys_cache(self) -> None:
        """What mypy knows of the files that are the same here; without it, it reads all of them anew."""
        for known in (ROOT / ".mypy_cache").glob("*/*.db"):
            place = self.root / known.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(known)) as one, closing(sqlite3.connect(place)) as other:
                one.backup(other)  # it may be written to meanwhile

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.root), "PYTHONSAFEPATH": "1", "NO_COLOR": "1"}

    def files(self) -> dict[str, str]:
        """A digest of every file of the source, by its path."""
        found = {}
        for directory, directories, names in os.walk(self.root):
            directories[:] = [name for name in directories if name not in NOT_OF_THE_SOURCE]
            for name in names:
                path = Path(directory) / name
                found[str(path.relative_to(self.root))] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found
