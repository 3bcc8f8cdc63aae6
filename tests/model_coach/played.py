"""A model whose answers the test decides on, one by one, while they are asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from server.testing.model_server.conversations import Received
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step

LIMIT_S = 20.0


class Model:
    """The model's server: what it does with each request is set by the test; the last step stays."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.may_answer = Event()
        self.may_answer.set()
        self.server = ModelServer(self._choose)

    @property
    def environment(self) -> dict[str, str]:
        """What a web process needs to ask this model."""
        return {
            "COACH_PROVIDER": "openai",
            "OPENAI_API_KEY": self.server.key,
            "OPENAI_BASE_URL": self.server.base_url,
        }

    def does(self, *steps: Step) -> None:
        self.steps = list(steps)

    def _choose(self, asked: Received) -> Step:
        assert self.may_answer.wait(LIMIT_S), "the test let no answer come"
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]

    @property
    def last_told(self) -> str:
        return self.server.requests[-1].told

    @contextmanager
    def thinking(self) -> Iterator[Callable[[], None]]:
        """No answer comes while the block lasts; what it is given makes them come."""
        self.may_answer.clear()
        try:
            yield self.may_answer.set
        finally:
            self.may_answer.set()
