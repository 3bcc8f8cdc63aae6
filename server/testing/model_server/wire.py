"""The shapes of the API: its errors, and what it sends of an answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

MODEL_CREATED = 1_700_000_000
_numbers = count(1)


@dataclass(slots=True, eq=False)
class ApiError(Exception):
    """A request that is refused."""

    status: int
    message: str
    kind: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return {"error": error}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The tokens of a request and its answer, about; `cached` are those that the request before began with, too."""

    prompt: int
    cached: int
    completion: int

    @property
    def body(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
            "prompt_tokens_details": {"cached_tokens": self.cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }


class Completion:
    """One answer, whole or in chunks."""

    def __init__(self, model: str) -> None:
        self._number = next(_numbers)
        self._model = model

    def whole(
        self, content: str | None, refusal: str | None, finish_reason: str, used: Counted
    ) -> dict[str, Any]:
        message = {"role": "assistant", "content": content, "refusal": refusal}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": used.body}

    def begin(self) -> bytes:
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def content(self, text: str) -> bytes:
        return self._chunk({"content": text})

    def refusal(self, text: str) -> bytes:
        return self._chunk({"refusal": text})

    def end(self, finish_reason: str, used: Counted | None) -> Iterator[bytes]:
        """The last chunks; `used` where the request asks for it."""
        yield self._chunk({}, finish_reason)
        if used is not None:
            yield event({**self._head("chat.completion.chunk"), "choices": [], "usage": used.body})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event({**self._head("chat.completion.chunk"), "choices": [choice], "usage": None})

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-standin{self._number}",
            "object": kind,
            "created": MODEL_CREATED + self._number,
            "model": self._model,
            "service_tier": "default",
            "system_fingerprint": None,
        }


def event(body: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()
