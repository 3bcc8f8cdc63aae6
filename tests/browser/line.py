"""The line between a browser and the web process, which a test can cut as a broken network would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65536


class Line:
    """Listens on a port of its own and leads to `port` of the loopback, unless it is cut."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: dict[socket.socket, socket.socket] = {}
        self._lost: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """End every connection, and let none begin."""
        with self._lock:
            self._is_cut = True
            ends = [*self._open, *self._open.values()]
        for end in ends:
            _shut(end)

    def lose(self) -> None:
        """Forget every connection, as the network does while a machine sleeps: its caller is told nothing of it.

        Whoever waits for something waits for ever, and who says something is cut off.
        """
        with self._lock:
            self._lost |= set(self._open)
            servers = list(self._open.values())
        for server in servers:
            _shut(server)

    def mend(self) -> None:
        with self._lock:
            self._is_cut = False

    @contextmanager
    def stretched(self) -> Iterator["Line"]:
        threading.Thread(target=self._let_in, daemon=True).start()
        try:
            yield self
        finally:
            _shut(self._door)
            self._door.close()
            self.cut()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                threading.Thread(target=self._lead, args=(caller,), daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        with caller, suppress(OSError), socket.create_connection(self._to) as server:
            with self._lock:
                if self._is_cut:
                    return
                self._open[caller] = server
            back = threading.Thread(target=self._lead_back, args=(server, caller), daemon=True)
            back.start()
            try:
                _carry(caller, server)
                _shut(server)
                back.join()
            finally:
                with self._lock:
                    del self._open[caller]
                    self._lost.discard(caller)

    def _lead_back(self, server: socket.socket, caller: socket.socket) -> None:
        _carry(server, caller)
        if caller not in self._lost:
            _shut(caller)


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(CHUNK):
            other.sendall(data)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
