"""Whose turn it is: each conversation goes through the script by itself."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.testing.model_server.script import Script, Step
from server.testing.model_server.wire import ApiError

LEAST_CACHED = 1_024
CACHE_STEP = 128
CHARACTERS_A_TOKEN = 4


@dataclass(slots=True, kw_only=True)
class Received:
    """A request that was taken. `outcome` is None while it is under way; "gone" says that the caller went away."""

    body: dict[str, Any]
    headers: Mapping[str, str]
    step: Step | None = None
    outcome: str | None = None

    @property
    def conversation(self) -> str:
        return str(self.body.get("safety_identifier", ""))

    @property
    def user_texts(self) -> list[str]:
        return [one["content"] for one in self.body["messages"] if one["role"] == "user"]

    @property
    def told(self) -> str:
        """All that is said to the model, by us and by the user, as one text."""
        return "\n".join(str(one["content"]) for one in self.body["messages"])

    @property
    def ours(self) -> str:
        """What is said to the model by us."""
        return "\n".join(
            one["content"] for one in self.body["messages"] if one["role"] in {"system", "developer"}
        )


Chooser = Callable[[Received], Step]
"""Decides in Python what becomes of a request."""

Halfway = Callable[[Received], None]
"""Called in the middle of an answer, which goes on once this returns."""


@dataclass(slots=True)
class _Conversation:
    taken: int = 0
    last: Received | None = None


@dataclass(slots=True)
class Conversations:
    """How far each conversation has got in the script."""

    script: Script
    _of: defaultdict[str, _Conversation] = field(default_factory=lambda: defaultdict(_Conversation))

    def step_for(self, received: Received) -> Step:
        """The step that answers this request. Raises `ApiError` where the script has none left."""
        conversation = self._of[received.conversation]
        if self.script.begins_anew and self._is_cleared(conversation, received):
            conversation.taken = 0
        conversation.last = received
        texts = received.user_texts
        kept = self.script.for_text(texts[-1]) if texts else None
        if kept is not None:
            return kept
        steps = self.script.in_order()
        conversation.taken += 1
        if conversation.taken <= len(steps):
            return steps[conversation.taken - 1]
        if self.script.after is None:
            raise ApiError(400, "The script has no step left for this conversation.", code="script_ended")
        return self.script.after

    def _is_cleared(self, conversation: _Conversation, received: Received) -> bool:
        """Whether the chat was cleared: nothing was said in it, though an answer was given."""
        is_first = all(one["role"] != "assistant" for one in received.body["messages"])
        last = conversation.last
        return is_first and last is not None and last.outcome == "answered" and len(received.user_texts) <= 1

    def cached_tokens(self, received: Received) -> int:
        """How many tokens the request has in common with the conversation's last one, from the beginning on."""
        last = self._of[received.conversation].last
        common = _common(last.told, received.told) // CHARACTERS_A_TOKEN if last is not None else 0
        return common // CACHE_STEP * CACHE_STEP if common >= LEAST_CACHED else 0


def _common(one: str, other: str) -> int:
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least
