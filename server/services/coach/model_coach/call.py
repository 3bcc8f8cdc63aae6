"""One call of the model: an answer, streamed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from openai import AsyncOpenAI, AsyncStream
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import ValidationError

from server.services.action_handler.utils.dynamic_schema import ChatResponse, strict_schema
from server.services.coach.model_coach.fault import AnswerBroke
from server.services.coach.model_coach.reading import message_so_far
from server.services.coach.model_coach.telling import Telling
from server.services.prompt_manager.prompt import PromptMessage
from server.settings.model import ModelSettings

SCHEMA_NAME = "coach_response"

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the model has written so far; complete once it has a `finish_reason`."""

    text: str = ""
    refusal: str = ""
    finish_reason: FinishReason | None = None
    model: str = ""
    usage: CompletionUsage | None = None

    def take(self, chunk: ChatCompletionChunk) -> bool:
        """Add what a chunk brings; answers whether the text grew."""
        self.model = chunk.model or self.model
        self.usage = _usage_of(chunk) or self.usage
        for choice in chunk.choices or ():
            self.finish_reason = choice.finish_reason or self.finish_reason
            self.refusal += choice.delta.refusal or ""
            if choice.delta.content:
                self.text += choice.delta.content
                return True
        return False


def _usage_of(chunk: ChatCompletionChunk) -> CompletionUsage | None:
    """What the server says that was used; None where it does not say all of it. The client does not look."""
    try:
        return CompletionUsage.model_validate(chunk.usage.model_dump()) if chunk.usage else None
    except ValidationError:
        return None


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


async def call(client: AsyncOpenAI, request: dict[str, Any], telling: Telling) -> Answer:
    """Ask, and tell the message as it grows. Raises the client's errors, and `AnswerBroke`."""
    answer = Answer()
    try:
        async with await _stream(client, request) as stream:
            async for chunk in stream:
                if answer.take(chunk):
                    telling.grew(message_so_far(answer.text))
    except (
        ValueError,
        AttributeError,
        TypeError,
    ) as error:  # a line of the stream that is none of this API's
        raise AnswerBroke from error
    if answer.finish_reason is None:
        raise AnswerBroke
    return answer
