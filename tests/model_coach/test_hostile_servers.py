"""Servers that send too much, or what no answer holds: no turn takes the others down, and no good answer is lost."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Callable
from threading import Thread
from typing import Any, Self

import psutil
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from server.enums.coach_failure_kind import CoachFailureKind
from server.services.coach.coach_reply import CoachReply
from server.services.coach.failure import CoachFailed
from server.services.coach.model_coach import client
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.model_coach.reading import message_so_far
from server.settings.model import ModelSettings
from tests.model_coach.asking import MODEL, TURN, Heard
from tests.processes import wait_until

GROWTH_B = 300 * 2**20


class Served:
    """A server that answers every completion in one way, and counts how often it was asked."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self.asked = 0
        app = Starlette(routes=[Route("/{path:path}", self._count, methods=["GET", "POST"])])
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=0, lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
        )
        self._thread = Thread(target=self._server.run)

    def _count(self, request: Request) -> Response:
        self.asked += 1
        return self._answer(request)

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(lambda: self._server.started, "the server listens")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    @property
    def url(self) -> str:
        port: int = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/v1"


def reply_of(served: Served) -> CoachReply:
    async def ask() -> CoachReply:
        coach = ModelCoach(
            ModelSettings(model=MODEL, api_key="key", base_url=served.url, answer_timeout_s=20)
        )
        try:
            return await coach.reply(TURN, Heard())
        finally:
            await coach.aclose()

    return asyncio.run(ask())


def failure_of(served: Served) -> CoachFailureKind:
    with pytest.raises(CoachFailed) as failed:
        reply_of(served)
    return failed.value.kind


def chunk(text: str, **fields: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": fields.pop("finish_reason", None)}
    body = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
        **fields,
    }
    return f"data: {json.dumps(body)}\n\n".encode()


def streamed(*chunks: bytes) -> Callable[[Request], Response]:
    return lambda _: StreamingResponse(iter([*chunks, b"data: [DONE]\n\n"]), media_type="text/event-stream")


def good(**fields: Any) -> Callable[[Request], Response]:
    return streamed(chunk('{"message": "Hello there."}', finish_reason="stop", **fields))


async def for_ever(piece: bytes) -> AsyncIterator[bytes]:
    while True:
        yield piece
        await asyncio.sleep(0)  # uvicorn takes what nobody reads any more, and gives the loop no turn


def test_a_line_without_an_end_is_given_up_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "LONGEST_BODY", 4 * 2**20)
    before = psutil.Process().memory_info().rss
    with Served(lambda _: StreamingResponse(for_ever(b"data: " + b"x" * 65_536))) as served:
        assert failure_of(served) is CoachFailureKind.UNAVAILABLE
    assert psutil.Process().memory_info().rss - before < GROWTH_B


def test_an_answer_that_was_packed_is_not_unpacked() -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    with Served(lambda _: Response(packed, headers={"Content-Encoding": "gzip"})) as served:
        assert failure_of(served) is CoachFailureKind.UNAVAILABLE


def test_an_answer_without_an_end_is_cut_off_where_no_answer_is_as_long() -> None:
    with Served(lambda _: StreamingResponse(for_ever(chunk(" " * 4_000)))) as served:
        assert failure_of(served) is CoachFailureKind.TRUNCATED
        assert served.asked == 1


def test_reading_a_long_answer_in_tiny_pieces_leaves_time_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = " ".join(["word"] * 1_000)
    text = json.dumps({"message": message})
    pieces = [chunk(text[start : start + 4]) for start in range(0, len(text), 4)]
    read_s = 0.0

    def slow(text: str) -> str:
        nonlocal read_s
        read_s += 0.005
        time.sleep(0.005)
        return message_so_far(text)

    monkeypatch.setattr("server.services.coach.model_coach.call.message_so_far", slow)
    began = time.monotonic()
    with Served(streamed(*pieces, chunk("", finish_reason="stop"))) as served:
        assert reply_of(served).response.message == message
    assert 0 < read_s < (time.monotonic() - began) / 5


@pytest.mark.parametrize(
    "odd",
    [
        {"model": "m\x00"},
        {"model": 7},
        {"usage": "some"},
        {"usage": {"prompt_tokens": 10**20, "completion_tokens": 1, "total_tokens": 1}},
        {"usage": {"prompt_tokens": -5, "completion_tokens": 1, "total_tokens": 1}},
        {
            "usage": {
                "prompt_tokens": 1,
                "completion_tokens": 1,
                "total_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 500},
            }
        },
    ],
    ids=[
        "model with NUL",
        "model a number",
        "usage a text",
        "too many",
        "negative",
        "more cached than asked",
    ],
)
def test_what_is_odd_beside_a_good_answer_loses_nothing_of_it(odd: dict[str, Any]) -> None:
    with Served(good(**odd)) as served:
        reply = reply_of(served)
        assert served.asked == 1
    assert reply.response.message == "Hello there."
    assert reply.usage is None
    assert "\x00" not in reply.model


def test_an_answer_in_a_fence_is_read() -> None:
    with Served(streamed(chunk('```json\n{"message": "Hello there."}\n```', finish_reason="stop"))) as served:
        assert reply_of(served).response.message == "Hello there."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_the_user_said_goes_to_no_other_server(status: int) -> None:
    with (
        Served(good()) as other,
        Served(lambda _: RedirectResponse(other.url + "/chat/completions", status)) as served,
    ):
        assert failure_of(served) is CoachFailureKind.WRONG_MODEL
        assert (served.asked, other.asked) == (1, 0)


@pytest.mark.parametrize("wait", ["1e300", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_that_nobody_can_mean_is_not_passed_on(wait: str) -> None:
    with (
        Served(lambda _: Response("{}", 429, headers={"Retry-After": wait})) as served,
        pytest.raises(CoachFailed) as failed,
    ):
        reply_of(served)
    assert failed.value.kind is CoachFailureKind.RATE_LIMIT
    assert failed.value.retry_after_s is None
