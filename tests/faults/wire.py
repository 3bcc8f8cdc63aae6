"""A wire to a server that a test may slow down, or cut without a word to either side."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65536


class Wire:
    """Listens on a port of its own, and passes on what comes to `port` on the loopback, and what comes back.

    `delay_s` is how long every answer takes on its way.
    """

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self._to = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._other: dict[socket.socket, socket.socket] = {}
        self._answers: set[socket.socket] = set()
        self._silent: set[socket.socket] = set()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._pass_on, daemon=True)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def connections(self) -> int:
        """How many pass something on."""
        return len(set(self._other) - self._silent) // 2

    def cut(self) -> None:
        """Pass nothing on by the connections that there are; neither side hears of it. New ones work."""
        self._silent |= set(self._other)

    @contextmanager
    def stretched(self) -> Iterator["Wire"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._ends.set()
            self._thread.join(10)
            for end in (*self._other, self._listener):
                end.close()
            self._selector.close()

    def _pass_on(self) -> None:
        while not self._ends.is_set():
            for key, _ in self._selector.select(0.05):
                end = key.fileobj
                assert isinstance(end, socket.socket)
                self._connect() if end is self._listener else self._carry(end)

    def _connect(self) -> None:
        caller, _ = self._listener.accept()
        try:
            server = socket.create_connection(self._to)
        except OSError:
            caller.close()
            return
        self._answers.add(server)
        for one, other in ((caller, server), (server, caller)):
            self._other[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _carry(self, end: socket.socket) -> None:
        if end not in self._other:
            return  # closed with its other end, a moment ago
        if end in self._silent:
            self._selector.unregister(end)
            return
        try:
            data = end.recv(CHUNK)
            if data:
                time.sleep(self.delay_s if end in self._answers else 0)
                self._other[end].sendall(data)
                return
        except OSError:
            pass
        self._close(end)

    def _close(self, end: socket.socket) -> None:
        for one in (end, self._other[end]):
            self._selector.unregister(one)
            self._other.pop(one)
            one.close()


def through(url: str, wire: Wire) -> str:
    """The address of the same server at the other end of the wire."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{wire.port}")).geturl()
