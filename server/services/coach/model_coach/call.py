"""One call of the model: an answer, streamed."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from openai import AsyncOpenAI, AsyncStream
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel, ValidationError

from server.services.action_handler.utils.dynamic_schema import ChatResponse, strict_schema
from server.services.coach.model_coach.fault import AnswerBroke
from server.services.coach.model_coach.reading import message_so_far
from server.services.coach.model_coach.telling import Telling
from server.services.prompt_manager.prompt import PromptMessage
from server.settings.model import ModelSettings

SCHEMA_NAME = "coach_response"

LONGEST_ANSWER = 200_000
"""Characters: ten times the longest message. A server that writes more than that will not come to an end."""

LONGEST_REFUSAL = 1_000

READING_SHARE = 0.1
"""Of the time that an answer takes, for reading what there is of it so far: that takes the longer, the more it is."""

MOST_TOKENS = 100_000_000
"""A server that says it used more of them has miscounted."""

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What one chunk of the stream brings."""

    text: str
    refusal: str
    finish_reason: FinishReason | None
    model: str
    usage: CompletionUsage | None

    @classmethod
    def of(cls, chunk: ChatCompletionChunk) -> Self:
        choices = chunk.choices or ()
        return cls(
            text="".join(choice.delta.content or "" for choice in choices),
            refusal="".join(choice.delta.refusal or "" for choice in choices),
            finish_reason=next((one.finish_reason for one in choices if one.finish_reason), None),
            model=str(chunk.model or "").replace("\x00", ""),
            usage=_usage_of(chunk),
        )


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the model has written so far; complete once it has a `finish_reason`."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    refusal: str = ""
    finish_reason: FinishReason | None = None
    model: str = ""
    usage: CompletionUsage | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def take(self, piece: _Piece) -> None:
        """Add what a chunk brought. An answer that has grown too long has ended by that."""
        self.pieces.append(piece.text)
        self.length += len(piece.text)
        self.refusal = (self.refusal + piece.refusal)[:LONGEST_REFUSAL]
        if self.length > LONGEST_ANSWER:
            self.finish_reason = "length"
            return
        self.finish_reason = piece.finish_reason or self.finish_reason
        self.model = piece.model or self.model
        self.usage = piece.usage or self.usage


def _usage_of(chunk: ChatCompletionChunk) -> CompletionUsage | None:
    """What the server says that was used; None where it says too little or what cannot be. The client does not look."""
    told: object = chunk.usage
    try:
        used = CompletionUsage.model_validate(told.model_dump() if isinstance(told, BaseModel) else told)
    except ValidationError:
        return None
    details = used.prompt_tokens_details
    cached = (details.cached_tokens or 0) if details else 0
    is_possible = (
        0 <= cached <= used.prompt_tokens <= MOST_TOKENS and 0 <= used.completion_tokens <= MOST_TOKENS
    )
    return used if is_possible else None


def request_of(
    settings: ModelSettings, messages: Iterable[PromptMessage], model: type[ChatResponse], user_ref: str
) -> dict[str, Any]:
    """The body of the call. What is not set is not sent: not every model and server takes every parameter."""
    schema = {"name": SCHEMA_NAME, "strict": True, "schema": strict_schema(model)}
    optional = {
        "temperature": settings.temperature,
        "reasoning_effort": settings.reasoning_effort,
        "max_completion_tokens": settings.max_output_tokens,
        "safety_identifier": user_ref if settings.names_users and user_ref else None,
    }
    return {
        "model": settings.model,
        "messages": [{"role": one.role, "content": one.content} for one in messages],
        "response_format": {"type": "json_schema", "json_schema": schema},
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: value for name, value in optional.items() if value is not None},
    }


async def _stream(client: AsyncOpenAI, request: dict[str, Any]) -> AsyncStream[ChatCompletionChunk]:
    """As `chat.completions.create` would, which takes 5 ms to look for files to upload in what it sends."""
    return await client.post(
        "/chat/completions",
        body=request,
        options={"security": {"bearer_auth": True}},
        cast_to=ChatCompletion,
        stream=True,
        stream_cls=AsyncStream[ChatCompletionChunk],
    )


async def call(client: AsyncOpenAI, request: dict[str, Any], telling: Telling, answer: Answer) -> None:
    """Ask, fill the answer, and tell its message as it grows. Raises the client's errors, and `AnswerBroke`.

    The caller has what was read until then, whatever comes.
    """
    async with await _stream(client, request) as stream:
        chunks = aiter(stream)
        read_next_at = 0.0
        while answer.length <= LONGEST_ANSWER and (piece := await _next(chunks)) is not None:
            answer.take(piece)
            if piece.text and (began := time.monotonic()) >= read_next_at:
                telling.grew(message_so_far(answer.text))
                read_next_at = began + (time.monotonic() - began) / READING_SHARE
    if answer.finish_reason is None:
        raise AnswerBroke


async def _next(chunks: AsyncIterator[ChatCompletionChunk]) -> _Piece | None:
    """What the next chunk brings; None at the end. Raises `AnswerBroke` where it is none of this API's.

    Nothing of ours runs in here: what goes wrong with that is to be seen, and not to be tried again.
    """
    try:
        chunk = await anext(chunks, None)
        return None if chunk is None else _Piece.of(chunk)
    except (ValueError, AttributeError, TypeError) as error:
        raise AnswerBroke from error
