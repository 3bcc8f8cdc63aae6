"""The stand-in as an ASGI application."""

import asyncio
import json
import math
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from server.testing.model_server.answering import text_of
from server.testing.model_server.conversations import (
    CHARACTERS_A_TOKEN,
    Chooser,
    Conversations,
    Halfway,
    Received,
)
from server.testing.model_server.rules import check_key, check_request
from server.testing.model_server.script import Script, Step
from server.testing.model_server.wire import MODEL_CREATED, ApiError, Completion, Counted

KEPT_REQUESTS = 1_000


class ConnectionCut(Exception):
    """Ends the connection in the middle of an answer: the server that runs the application closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """An answer as it will be sent."""

    pieces: Sequence[str]
    finish_reason: str = "stop"
    refusal: str = ""
    stall_s: float = 0.0
    is_cut: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _Streamed(StreamingResponse):
    """A streamed answer. Where it ends without having come to an end of its own, the caller is gone."""

    def __init__(self, sent: AsyncIterator[bytes], received: Received) -> None:
        super().__init__(sent, media_type="text/event-stream")
        self._received = received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._received.outcome = self._received.outcome or "gone"


@dataclass(slots=True, kw_only=True)
class StandIn:
    """Takes requests, checks them, and does what the script says. `requests` are the last ones that were taken."""

    script: Script = field(default_factory=Script)
    choose: Chooser | None = None
    halfway: Halfway | None = None
    key: str = "stand-in"
    models: Collection[str] = ("gpt-6.1-terra",)
    requests: deque[Received] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))
    _conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        self._conversations = Conversations(self.script)

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/healthz", _healthz),
                Route("/v1/models", self._list_models),
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
            ],
            exception_handlers={ApiError: _refused},
        )

    async def _list_models(self, request: Request) -> Response:
        check_key(request.headers.get("authorization"), self.key)
        models = [
            {"id": name, "object": "model", "created": MODEL_CREATED, "owned_by": "stand-in"}
            for name in self.models
        ]
        return JSONResponse({"object": "list", "data": models})

    async def _complete(self, request: Request) -> Response:
        check_key(request.headers.get("authorization"), self.key)
        body = check_request(await _json(request), self.models)
        received = Received(body=body, headers=dict(request.headers))
        self.requests.append(received)
        try:
            return await self._answer(received)
        except ApiError as error:
            received.outcome = str(error.status)
            raise

    async def _step_for(self, received: Received) -> Step:
        if self.choose is None:
            return self._conversations.step_for(received)
        return await asyncio.to_thread(self.choose, received)  # a test may keep it waiting

    async def _answer(self, received: Received) -> Response:
        cached = self._conversations.cached_tokens(received)
        step = received.step = await self._step_for(received)
        await asyncio.sleep(step.wait)
        _refuse_if_told(step)
        written = self._written(step, received)
        used = Counted(
            prompt=len(received.told) // CHARACTERS_A_TOKEN,
            cached=cached,
            completion=len(written.text or written.refusal) // CHARACTERS_A_TOKEN,
        )
        completion = Completion(received.body["model"])
        if received.body.get("stream"):
            delay_s = self.script.delay if step.delay is None else step.delay
            sent = self._sent(written, completion, used, received, delay_s)
            return _Streamed(sent, received)
        if written.is_cut:
            raise ConnectionCut
        await asyncio.sleep(written.stall_s)
        received.outcome = "answered"
        content = None if written.refusal else written.text
        return JSONResponse(completion.whole(content, written.refusal or None, written.finish_reason, used))

    async def _pause(self, stall_s: float, received: Received) -> None:
        await asyncio.sleep(stall_s)
        if self.halfway is not None:
            await asyncio.to_thread(self.halfway, received)

    def _written(self, step: Step, received: Received) -> _Written:
        if step.refuse is not None:
            return _Written(pieces=(), refusal=step.refuse)
        text = step.raw if step.raw is not None else text_of(step.response, received)
        pieces = _pieces(text * 2 if step.repeat else text, step.piece or self.script.piece)
        if step.cut is not None:
            return _Written(pieces=pieces[: step.cut], is_cut=True)
        if step.truncated is not None:
            return _Written(pieces=pieces[: step.truncated], finish_reason="length")
        if step.content_filter is not None:
            return _Written(pieces=pieces[: step.content_filter], finish_reason="content_filter")
        return _Written(pieces=pieces, stall_s=step.stall or 0.0)

    async def _sent(
        self, written: _Written, completion: Completion, used: Counted, received: Received, delay_s: float
    ) -> AsyncIterator[bytes]:
        yield completion.begin()
        if written.refusal:
            yield completion.refusal(written.refusal)
        for number, piece in enumerate(written.pieces):
            if number == len(written.pieces) // 2:
                await self._pause(written.stall_s, received)
            yield completion.content(piece)
            await asyncio.sleep(delay_s)
        if written.is_cut:
            received.outcome = "cut"
            raise ConnectionCut
        options = received.body.get("stream_options") or {}
        received.outcome = "answered" if written.finish_reason == "stop" else written.finish_reason
        for chunk in completion.end(written.finish_reason, used if options.get("include_usage") else None):
            yield chunk


def _refuse_if_told(step: Step) -> None:
    if step.rate_limit is not None:
        _limit_rate(step.rate_limit)
    if step.status is not None:
        raise ApiError(step.status, "The server had an error while processing your request.", "server_error")


def _limit_rate(wait_s: float) -> NoReturn:
    headers = {"retry-after-ms": str(round(wait_s * 1000)), "retry-after": str(math.ceil(wait_s))}
    message = f"Rate limit reached. Please try again in {wait_s:g}s."
    raise ApiError(429, message, "requests", code="rate_limit_exceeded", headers=headers)


def _pieces(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


async def _healthz(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(error.body, error.status, headers=dict(error.headers))
