"""A model whose answers the test decides on, one by one, while they are asked for."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from server.testing.model_server.conversations import Received
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step
from tests.contracts.sources import ROOT

SESSION = ROOT / "examples/session.yaml"
LIMIT_S = 30.0

LetGo = Callable[[], None]


class Model:
    """The model's server: what it does with each request is set by the test; the last step stays."""

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self._may_answer, self._may_go_on = _opened(), _opened()
        self.server = ModelServer(self._choose, halfway=self._go_on)

    def does(self, *steps: Step) -> None:
        self._steps = list(steps)

    def _choose(self, asked: Received) -> Step:
        assert self._may_answer.wait(LIMIT_S), "the test let no answer come"
        return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def _go_on(self, asked: Received) -> None:
        assert self._may_go_on.wait(LIMIT_S), "the test let no answer come to its end"

    @property
    def last_asked(self) -> Received:
        return self.server.requests[-1]

    @property
    def outcomes_told(self) -> list[list[dict[str, Any]]]:
        """What it was told last of each message's actions, in the order of the lane."""
        blocks = re.findall(
            r"^<outcomes>\n(.*?)\n</outcomes>$", self.last_asked.ours, re.DOTALL | re.MULTILINE
        )
        return [json.loads(block) for block in blocks]

    @contextmanager
    def thinking(self) -> Iterator[LetGo]:
        """No answer comes while the block lasts; what it is given makes them come."""
        with _closed(self._may_answer) as answer:
            yield answer

    @contextmanager
    def writing(self) -> Iterator[LetGo]:
        """No answer comes further than its middle while the block lasts; what it is given makes them go on."""
        with _closed(self._may_go_on) as go_on:
            yield go_on


def _opened() -> Event:
    gate = Event()
    gate.set()
    return gate


@contextmanager
def _closed(gate: Event) -> Iterator[LetGo]:
    gate.clear()
    try:
        yield gate.set
    finally:
        gate.set()


@pytest.fixture(scope="module")
def models() -> Iterator[Model]:
    """The model's server, for a whole module."""
    made = Model()
    with made.server:
        yield made


@pytest.fixture
def model(models: Model) -> Model:
    """The same, which says "I see." where the test sets nothing else."""
    models.does(Step(answer={"message": "I see."}))
    return models
