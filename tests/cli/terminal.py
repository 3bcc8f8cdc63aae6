"""A command on a pseudo-terminal, as a person has it."""

import fcntl
import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Mapping
from select import select
from types import TracebackType
from typing import Self

from tests.processes import wait_until

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
INTERRUPT, END_OF_INPUT = "\x03", "\x04"


class Terminal:
    """`coach ARGUMENTS`, whose standard streams are a terminal for as long as a `with` block lasts."""

    def __init__(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", **(environment or {})},
            start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509 (one system call, which takes no lock)
        )
        os.close(theirs)
        self._raw = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    @property
    def raw(self) -> str:
        """All that was written so far, as the terminal got it."""
        self._read()
        return self._raw.decode(errors="replace")

    @property
    def shown(self) -> str:
        """All that was written so far, without what moves the cursor."""
        return CONTROL.sub("", self.raw)

    def until(self, text: str, *, times: int = 1) -> None:
        """Wait until a text was shown so often."""
        wait_until(lambda: self.shown.count(text) >= times or self._ended_without(text), f"{text!r} is shown")

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def end(self) -> int:
        """Wait for the end; the exit code."""
        wait_until(self._has_ended, "it ends")
        return int(self._process.returncode)

    def _has_ended(self) -> bool:
        self._read()
        return self._process.poll() is not None

    def _ended_without(self, text: str) -> bool:
        assert self._process.poll() is None or text in self.shown, f"it ended:\n{self.shown}"
        return False

    def _read(self) -> None:
        while select([self._ours], [], [], 0)[0]:
            try:
                read = os.read(self._ours, 65_536)
            except OSError:  # nobody holds the other end any more
                return
            if not read:
                return
            self._raw += read


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
