"""A way to PostgreSQL that can lose one message, and the connection with it."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from server.local.services import LocalServices

READY = b"Z\x00\x00\x00\x05"
"""How PostgreSQL begins to say that it has done all it was asked."""
CHUNK = 1 << 16


class Proxy:
    """A port on loopback that leads to the run's PostgreSQL.

    `lose` arms it once: the next message with certain bytes in it is lost, or it arrives (`lands`) and its answer is
    lost, and the connection is cut on both sides.
    """

    def __init__(self, services: LocalServices) -> None:
        address = urlsplit(services.database_url)
        (directory,) = parse_qs(address.query)["host"]
        self._server = Path(directory) / ".s.PGSQL.5432"
        self._door = socket.create_server(("127.0.0.1", 0))
        port = self._door.getsockname()[1]
        self.database_url = f"postgresql://{address.username}:{address.password}@127.0.0.1:{port}{address.path}?sslmode=disable"
        self._lock = threading.Lock()
        self._marks: tuple[bytes, ...] = ()
        self._skip = 0
        self._lands = True
        self._open: set[socket.socket] = set()
        self.has_struck = threading.Event()

    def lose(self, *marks: bytes, lands: bool, skip: int = 0) -> None:
        """Lose the next message with one of `marks` in it, after `skip` others of the kind."""
        with self._lock:
            self._marks, self._lands, self._skip = marks, lands, skip
            self.has_struck.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._let_in, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for client in list(self._open):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._server))
            self._open.add(client)
            try:
                with _both(client, server) as waiting:
                    self._pass_on(client, server, waiting)
            finally:
                self._open.discard(client)

    def _pass_on(self, client: socket.socket, server: socket.socket, waiting: selectors.BaseSelector) -> None:
        answers_are_lost = False
        while True:
            for key, _ in waiting.select():
                data = key.fileobj.recv(CHUNK)  # type: ignore[union-attr]  # sockets are what was registered
                if not data:
                    return
                if key.fileobj is client and self._is_to_strike(data):
                    if not self._lands:
                        self.has_struck.set()
                        return
                    answers_are_lost = True
                if key.fileobj is server and answers_are_lost:
                    if READY in data:
                        self.has_struck.set()
                        return
                    continue
                (server if key.fileobj is client else client).sendall(data)

    def _is_to_strike(self, data: bytes) -> bool:
        with self._lock:
            if not any(mark in data for mark in self._marks):
                return False
            if self._skip:
                self._skip -= 1
                return False
            self._marks = ()
            return True


@contextmanager
def _both(client: socket.socket, server: socket.socket) -> Iterator[selectors.BaseSelector]:
    with selectors.DefaultSelector() as waiting:
        for end in (client, server):
            waiting.register(end, selectors.EVENT_READ)
        yield waiting
