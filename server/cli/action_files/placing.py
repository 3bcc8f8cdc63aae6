"""Putting prepared files into the checkout: all of them or none, whatever ends the process.

What is about to be replaced is kept first, with a journal that names it. Where a journal is found, a run was cut off in
the middle: it is undone. Every single step is a rename, which needs no room on the disk.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from server.cli.errors import CommandError

WORKSHOP = ".new-action"
"""Where files are prepared: in the checkout, so that a rename can put them into place, and ignored by Git."""


class Workshop:
    """The directory of one run at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._directory = root / WORKSHOP
        self.tree = self._directory / "tree"
        self._kept = self._directory / "kept"
        self._journal = self._directory / "journal.json"

    @contextmanager
    def opened(self) -> Iterator[bool]:
        """Empty, for this process alone. Tells whether a run that was cut off had to be undone first.

        Raises `CommandError` where another run has it, and, having changed nothing, for what the disk does not allow.
        """
        with _locked(self._root):
            try:
                yield self._undo()
            except OSError as error:
                raise CommandError(f"Nothing was changed: {error}.") from error
            finally:
                self._undo()

    def place(self, changed: Mapping[Path, bytes | None], gone: Mapping[Path, bytes]) -> None:
        """Move the prepared files, by their paths in the checkout, into place, and take away what is gone.

        Both say what each file held when it was prepared, None where there was none. Raises `CommandError` where one
        holds something else by now.
        """
        for path, held in {**changed, **gone}.items():
            if _read(self._root / path) != held:
                raise CommandError(f"{path} was changed meanwhile, so nothing was written: run it again.")
        self._keep([*changed, *gone])
        for path in changed:
            (self._root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / path).replace(self._root / path)
        for path in gone:
            (self._root / path).unlink()
        self._journal.unlink()  # from here on it is done

    def _keep(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if (self._root / path).exists():
                (self._kept / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._root / path, self._kept / path)
        self._directory.mkdir(exist_ok=True)
        placed = {str(path): _digest(self.tree / path) for path in paths}
        there = {name: {"was_there": (self._root / name).exists(), "placed": placed[name]} for name in placed}
        draft = self._journal.with_suffix(".draft")
        with draft.open("w") as file:
            json.dump(there, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._journal)

    def _undo(self) -> bool:
        """Put back what a run that did not end had replaced. May itself be cut off, and done again."""
        was_cut_off = self._journal.exists()
        if was_cut_off:
            journal = json.loads(self._journal.read_text())
            for name, entry in journal.items():
                self._refuse_where_it_was_edited(name, placed=entry["placed"])
            for name, entry in journal.items():
                self._put_back(name, was_there=entry["was_there"])
            self._journal.unlink()
        shutil.rmtree(self._directory, ignore_errors=True)
        return was_cut_off

    def _refuse_where_it_was_edited(self, name: str, *, placed: str | None) -> None:
        kept = self._kept / name
        if _digest(self._root / name) in {None, placed, _digest(kept)}:
            return
        mend = f"copy {kept.relative_to(self._root)} over it" if kept.exists() else "move it away"
        raise CommandError(
            f"A run was cut off, and {name} was edited since, so nothing was put back: take from it what you need, "
            f"{mend}, and run this again."
        )

    def _put_back(self, name: str, *, was_there: bool) -> None:
        if was_there and (self._kept / name).exists():
            (self._kept / name).replace(self._root / name)
        elif not was_there:
            (self._root / name).unlink(missing_ok=True)
            with suppress(OSError):  # others are in it
                (self._root / name).parent.rmdir()


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """The checkout's directory itself is what is locked: so no file is left behind."""
    directory = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                "Another `coach new-action` or `remove-action` is at work: wait for it."
            ) from error
        yield
    finally:
        os.close(directory)


def _digest(path: Path) -> str | None:
    held = _read(path)
    return None if held is None else hashlib.sha256(held).hexdigest()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
