"""Running the stand-in: beside a test, or as a process of its own."""

import socket
from collections import deque
from collections.abc import Collection, Mapping
from threading import Event, Thread
from types import TracebackType
from typing import Self

import uvicorn

from server.testing.model_server.app import StandIn
from server.testing.model_server.conversations import Chooser, Halfway, Received
from server.testing.model_server.script import Script, Step

LOOPBACK = "127.0.0.1"
START_S = 30.0
GRACE_S = 1


def serve(stand_in: StandIn, port: int) -> None:
    """Serve until the process is told to end."""
    _Server(stand_in, port=port).run()


class ModelServer:
    """A stand-in that runs beside a test, for as long as a `with` block lasts.

    `plays` is a script, its steps in order, or a function that decides on each request. `halfway` is
    called in the middle of each answer, which goes on once it returns.
    """

    def __init__(
        self,
        plays: Script | list[Step] | Chooser,
        *,
        halfway: Halfway | None = None,
        key: str = "stand-in",
        models: Collection[str] = ("gpt-6.1-terra",),
    ) -> None:
        script = plays if isinstance(plays, Script) else Script()
        if isinstance(plays, list):
            script = Script.of(*plays, begins_anew=False)
        choose = plays if callable(plays) else None
        self._stand_in = StandIn(script=script, choose=choose, halfway=halfway, key=key, models=models)
        self._socket = socket.create_server((LOOPBACK, 0))
        self._server = _Server(self._stand_in)
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="model-server")
        self.key = key

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self._socket.getsockname()[1]}/v1"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs in order to ask this server."""
        return {"COACH_PROVIDER": "openai", "OPENAI_API_KEY": self.key, "OPENAI_BASE_URL": self.base_url}

    @property
    def requests(self) -> deque[Received]:
        """The last requests that were taken, oldest first."""
        return self._stand_in.requests

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.has_started.wait(START_S):
            self._end()
            raise RuntimeError("the stand-in did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
        self._socket.close()


class _Server(uvicorn.Server):
    """uvicorn, which says when it listens. A connection that is cut is no error here."""

    def __init__(self, stand_in: StandIn, *, port: int = 0) -> None:
        super().__init__(
            uvicorn.Config(
                stand_in.application(),
                host=LOOPBACK,
                port=port,
                access_log=False,
                log_config=None,
                log_level="critical",
                lifespan="off",
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self.has_started = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_started.set()
