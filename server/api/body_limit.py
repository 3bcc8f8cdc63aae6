"""No body of the API is larger than its path allows, whatever it says of itself."""

from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.problems import MEDIA_TYPE, Problem

MAX_BODY = 256 * 1024
API_PATH = "/api/"
LARGER: Mapping[str, int] = {"/api/v1/admin/scenarios": 2 * 2**20}
"""Where a whole file is taken."""


class BodyLimit:
    """Reads the whole body before the application sees the request: it is small, or the answer is 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API_PATH):
            await self._app(scope, receive, send)
        elif (problem := _problem_of_length(scope, limit := _limit_of(scope))) is not None:
            await send_problem(send, problem)
        elif (messages := await _read(receive, limit)) is None:
            await send_problem(send, _too_large(limit))
        else:
            await self._app(scope, _Replay(messages, receive), send)


async def send_problem(send: Send, problem: Problem, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Answer with a problem, and these headers beside its own."""
    body = problem.body()
    own = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), **problem.headers()}
    all_headers = [*headers, *((name.lower().encode(), value.encode()) for name, value in own.items())]
    await send({"type": "http.response.start", "status": problem.status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})


def _limit_of(scope: Scope) -> int:
    return LARGER.get(scope["path"], MAX_BODY)


def _problem_of_length(scope: Scope, limit: int) -> Problem | None:
    """What is wrong with the length that the request says it has."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not value.isdigit():
                return Problem(status=400, detail="Content-Length is no number of bytes.")
            if len(value) > len(str(limit)) or int(value) > limit:
                return _too_large(limit)
    return None


def _too_large(limit: int) -> Problem:
    return Problem(status=413, detail=f"The body is larger than {limit // 1024:,} KiB.")


async def _read(receive: Receive, limit: int) -> list[Message] | None:
    """The messages up to the body's end, or None once they are too large."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > limit:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return messages


class _Replay:
    """Gives what was read, and then whatever comes."""

    def __init__(self, messages: list[Message], receive: Receive) -> None:
        self._messages = messages
        self._receive = receive

    async def __call__(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()
