"""Five hundred turns of fifty users over HTTP, while the model's server does everything that it may do wrong."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.users.models import User
from server.enums.message_role import MessageRole
from server.testing.model_server.conversations import Received
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step
from tests.api.web import WebProcess, bearer
from tests.conftest import MakeUser, TellFigure
from tests.processes import wait_until
from tests.queue.conftest import StartRole

USERS = 50
TURNS_EACH = 10
TRIES = 40
FAULTS_SHARE = 0.25
AT_REST = 60
THINKS_S = 0.02
POOL = 10
MEMORY_B = 60 * 2**20
SEED = 20
HAPPENED = {"client gone", "sent twice", "refusal", "truncated", "rate_limit", "timeout"}
"""What the clients must have seen; what heals by itself, or nearly always, is not among it."""

ENDS = {
    ("succeeded", 'Noted "Tea".'),
    ("skipped", 'The note "Tea" exists already.'),
    ("rejected", 'The parameter "note" is blank.'),
}

GOOD = {"message": "All is well. " * 5, "add_user_note": {"params": {"note": "Tea"}}}
BROKEN = {"message": "All is well.", "add_user_note": {"params": {"note": ""}}}
ANSWERS = [Step(answer=GOOD, wait=THINKS_S), Step(answer=BROKEN), Step(answer=GOOD, repeat=True)]
AT_REST_ANSWER = Step(answer={"message": "All is well. " * 5}, wait=THINKS_S)  # no action: nothing settles
FAULTS = [
    Step(refuse="No."),
    Step(cut=2),
    Step(cut=0),
    Step(stall=3),
    Step(rate_limit=0.01),
    Step(rate_limit=60),
    Step(status=500),
    Step(raw="no JSON"),
    Step(truncated=2),
]


class Model:
    """The model's server; how often something goes wrong is set by the test."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)
        self.faults = 0.0
        self.server = ModelServer(self._choose)

    def _choose(self, received: Received) -> Step:
        if not self.faults:
            return AT_REST_ANSWER
        if self._random.random() < self.faults:
            return self._random.choice(FAULTS)
        return ANSWERS[0] if self._random.random() < 0.8 else self._random.choice(ANSWERS)


@dataclass
class Tally:
    """What the clients saw."""

    ends: Counter[str] = field(default_factory=Counter)
    answers: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True, kw_only=True)
class Open:
    """What the web process holds open."""

    to_model: int
    others: int
    files: int
    memory: int

    @classmethod
    def of(cls, pid: int, model_port: int) -> "Open":
        process = psutil.Process(pid)
        connections = process.net_connections(kind="all")
        to_model = [one for one in connections if getattr(one.raddr, "port", 0) == model_port]
        return cls(
            to_model=len(to_model),
            others=len(connections) - len(to_model),
            files=process.num_fds() - len(to_model),
            memory=process.memory_info().rss,
        )


@pytest.fixture
def model() -> Iterator[Model]:
    made = Model()
    with made.server:
        yield made


@pytest.fixture
def model_web(model: Model, tmp_path: Path) -> Iterator[WebProcess]:
    environment = {
        **model.server.environment,
        "COACH_STALL_TIMEOUT_S": "1",
        "COACH_ANSWER_TIMEOUT_S": "5",
        "COACH_SETTLE_S": "0.2",
    }
    with WebProcess(tmp_path / "web.log", environment) as process:
        yield process


class Client:
    """A program that says ten things, and sends each again until it has an answer."""

    def __init__(self, web: WebProcess, user: User, tally: Tally, number: int) -> None:
        self.user = user
        self._url = f"{web.url}/api/v1/messages"
        self._headers = bearer(user)
        self._tally = tally
        self._random = random.Random(SEED * 1_000 + number)

    async def say_all(self, texts: Sequence[str]) -> None:
        async with httpx.AsyncClient(headers=self._headers, timeout=60) as client:
            for text in texts:
                await self._say(client, text, str(uuid4()))

    async def _say(self, client: httpx.AsyncClient, text: str, key: str) -> None:
        for _ in range(TRIES):
            answer = await self._try(client, text, key)
            if answer is not None:
                self._tally.answers[str(self.user.pk)][text] = answer
                return
        raise AssertionError(f"{text!r} of {self.user} has no answer after {TRIES} tries")

    async def _try(self, client: httpx.AsyncClient, text: str, key: str) -> str | None:
        """The coach's message's id; None where the request failed, or its client went away."""
        goes_away = self._random.random() < 0.1
        timeout = self._random.uniform(0.005, 0.1) if goes_away else 60

        def post(timeout_s: float = 60) -> Coroutine[Any, Any, httpx.Response]:
            headers = {"Idempotency-Key": key}
            return client.post(self._url, json={"content": text}, headers=headers, timeout=timeout_s)

        try:
            if self._random.random() < 0.1:  # twice at the same time
                one, other = await asyncio.gather(post(), post())
                self._tally.ends["sent twice"] += 1
                if one.status_code == other.status_code == 201:
                    assert one.json() == other.json()
                answer = one if one.status_code == 201 else other
            else:
                answer = await post(timeout)
        except httpx.TimeoutException:
            assert goes_away, "a turn took too long"
            self._tally.ends["client gone"] += 1
            return None
        if answer.status_code != 201:
            problem = answer.json()
            self._tally.ends[problem.get("kind") or f"{answer.status_code} {problem['detail']}"] += 1
            return None
        self._tally.ends["answered"] += 1
        return str(answer.json()["coach_message"]["id"])


def all_say(clients: Sequence[Client], texts: Sequence[str]) -> None:
    async def together() -> None:
        await asyncio.gather(*(client.say_all(texts) for client in clients))

    asyncio.run(together())


@dataclass(frozen=True, slots=True)
class Overhead:
    """What turns at rest took, and what the model's server took of it, in milliseconds."""

    turns: Sequence[float]
    model: float

    def __str__(self) -> str:
        own = [ms - self.model for ms in self.turns]
        return (
            f"a turn's overhead at rest, beside the {self.model:.1f} ms of the model's server:"
            f" p50 {median(own):.1f} ms, p99 {quantiles(own, n=100)[98]:.1f} ms ({len(own)} turns)"
        )


def overhead_of(page: httpx.Client, model: Model, turns: int) -> Overhead:
    """Turns one after the other, and as often the last one's request, sent to the model's server itself."""

    def timed_ms(request: Callable[[], httpx.Response]) -> float:
        began = time.perf_counter()
        request().raise_for_status()
        return (time.perf_counter() - began) * 1_000

    def turn() -> httpx.Response:
        return page.post("messages", json={"content": "hello"})

    with httpx.Client(headers={"Authorization": f"Bearer {model.server.key}"}) as direct:
        url = f"{model.server.base_url}/chat/completions"
        turn()
        times = [
            (timed_ms(turn), timed_ms(partial(direct.post, url, json=model.server.requests[-1].body)))
            for _ in range(turns)
        ]
    return Overhead([of_turn for of_turn, _ in times], median(of_model for _, of_model in times))


def said_by(user: User) -> list[tuple[MessageRole, str, str]]:
    rows = ChatMessage.objects.filter(user=user).order_by("seq")
    return [(row.role, row.content, str(row.pk)) for row in rows]


def at_rest(web: WebProcess, page: httpx.Client, model_port: int) -> Open:
    """What is open once the connections to the model's server that were kept for a while are given back."""

    def rests() -> bool:
        page.post("messages", json={"content": "hello"}).raise_for_status()
        return Open.of(web.pid, model_port).to_model <= 1

    wait_until(rests, "no connection to the model's server is left but the one in use")
    return Open.of(web.pid, model_port)


@pytest.mark.timeout(400)
def test_five_hundred_turns_with_faults_lose_nothing_double_nothing_and_leave_nothing(
    model: Model, model_web: WebProcess, make_user: MakeUser, start: StartRole, tell_figure: TellFigure
) -> None:
    start("relay")
    start("worker")
    page = model_web.client_of(make_user())
    tell_figure(str(overhead_of(page, model, AT_REST)))

    tally = Tally()
    users = [make_user() for _ in range(USERS)]
    model_port = int(model.server.base_url.rsplit(":", 1)[1].split("/")[0])
    model.faults = FAULTS_SHARE
    warm = [Client(model_web, make_user(), Tally(), -number) for number in range(USERS)]
    all_say(warm, ["to have open what is kept open", "and once more"])
    model.faults = 0.0
    before = at_rest(model_web, page, model_port)
    model.faults = FAULTS_SHARE

    began = time.monotonic()
    texts = [f"text {number}" for number in range(TURNS_EACH)]
    all_say([Client(model_web, user, tally, number) for number, user in enumerate(users)], texts)
    took_s = time.monotonic() - began

    tell_figure(f"{USERS * TURNS_EACH} turns of {USERS} users in {took_s:.1f} s: {dict(tally.ends)}")

    wait_until(lambda: not Action.objects.filter(user__in=users).open().exists(), "every lane is drained")
    under_way = IdempotencyKey.objects.filter(user__in=users, answer=None)
    assert not under_way.exists(), "every request has its answer"
    for user in users:
        conversation = said_by(user)
        assert [text for role, text, _ in conversation if role is MessageRole.USER] == texts
        assert [role for role, _, _ in conversation] == [MessageRole.USER, MessageRole.COACH] * TURNS_EACH
        answers = dict(
            zip(texts, [pk for role, _, pk in conversation if role is MessageRole.COACH], strict=True)
        )
        assert answers == tally.answers[str(user.pk)], "what the client was told is what is stored"
    ended = Action.objects.filter(user__in=users).values_list("status", "result_summary").distinct()
    assert set(ended) <= ENDS, "an action is done, or was left out of a broken answer and says why"
    assert tally.ends.keys() >= HAPPENED, tally.ends

    model.faults = 0.0
    after = at_rest(model_web, page, model_port)
    page.close()
    tell_figure(f"open before {before}, and after {after}")
    assert after.others <= before.others + POOL, (before, after)
    assert after.files <= before.files + POOL, (before, after)
    assert after.memory - before.memory < MEMORY_B, (before, after)
    assert not model_web.says("Task was destroyed"), "a task was lost"
    assert not model_web.says("never retrieved"), "nobody saw the end of a task"
