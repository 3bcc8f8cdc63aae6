"""The directory that holds everything `coach up` keeps: data, secrets, logs and the state of what runs."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.local.errors import LocalError, RefusedError

DEFAULT_HOME = Path(".coach")


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory (`COACH_HOME`). Two homes share nothing and run side by side."""

    path: Path

    @classmethod
    def locate(cls, path: Path | None = None) -> "Home":
        """The home that was named, else `COACH_HOME`, else `.coach` in the current directory."""
        named = path or Path(os.environ.get("COACH_HOME") or DEFAULT_HOME)
        return cls(named.expanduser().resolve())

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "lock"

    def prepare(self) -> None:
        """Make the directories. What is new is closed to other users.

        Root's home may be passed through: PostgreSQL, which never runs as root, has its directory in there.
        """
        try:
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise RefusedError(
                f"The home {str(self.path)!r} cannot be used: {error.strerror}. Choose another with --home."
            ) from error

    def secret(self, name: str, *, prefix: str = "", length: int = 24) -> str:
        """The secret of that name: made once, kept in a file that only this user can read."""
        path = self.path / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self._kept_secret(path)
        value = prefix + secrets.token_urlsafe(length)
        with os.fdopen(descriptor, "w") as file:
            file.write(value + "\n")
        return value

    def _kept_secret(self, path: Path) -> str:
        value = path.read_text().strip()
        if not value:
            raise LocalError(f"{str(path)!r} is empty: remove it, and a new one is made.")
        return value

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold this home. The system lets go of the lock when the holder dies, however it dies.

        Raises RefusedError, naming the holder, where another process holds it.
        """
        with self.lock_file.open("a+") as file:
            if not _try_lock(file):
                holder = self.lock_file.read_text().strip() or "unknown"
                raise RefusedError(
                    f"The system runs already in {str(self.path)!r} (pid {holder}). End it with `coach down`."
                )
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    def holder(self) -> int | None:
        """The pid of the process that holds this home, or None where nobody does."""
        try:
            with self.lock_file.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            written = self.lock_file.read_text().strip()
            return int(written) if written.isdigit() else None
        return None


def _try_lock(file: IO[str]) -> bool:
    # `holder` looks by taking the lock for a moment: only a lock that stays taken is somebody's.
    for _ in range(10):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False
