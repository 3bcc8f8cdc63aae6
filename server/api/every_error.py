"""Whoever makes an error of the API, it is answered as a problem."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.body_limit import API_PATH, send_problem
from server.api.problems import MEDIA_TYPE, Problem

OF_THE_BODY = {b"content-type", b"content-length"}


class EveryErrorIsAProblem:
    """Puts a problem in the place of every other error page under `/api/`: Django's, the router's, the server's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(API_PATH):
            send = _Sender(send)
        await self._app(scope, receive, send)


class _Sender:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_other_error(message):
            self._is_replaced = True
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in OF_THE_BODY]
            await send_problem(self._send, Problem(status=message["status"]), kept)
        elif not self._is_replaced:
            await self._send(message)


def _is_other_error(start: Message) -> bool:
    types = [value for name, value in start["headers"] if name.lower() == b"content-type"]
    return start["status"] >= 400 and not any(value.startswith(MEDIA_TYPE.encode()) for value in types)
