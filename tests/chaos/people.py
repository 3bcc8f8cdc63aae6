"""The users of a run: each has a program, posted by real clients, and a model that says what it must come to."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar
from uuid import UUID, uuid4

import httpx
from django.db import DatabaseError, InterfaceError, connection

from server.apps.users.models import ApiToken, User
from server.enums.coaching_phase import CoachingPhase
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_queue.accept import Provenance, accept_response
from server.services.action_queue.idempotency import KeyedRequest, answer_once
from server.services.action_queue.reset import reset_chat
from tests.chaos.model import State, apply_response
from tests.chaos.programs import Author, Response
from tests.chaos.rows import learn_ids, plant, strangers_ids

PATIENCE_S = 120.0
"""So long a client tries again; no outage of a run takes longer."""

T = TypeVar("T")
_of_thread = threading.local()


class GaveUp(Exception):
    """What a client tried for `PATIENCE_S` did not succeed."""


class WrongAnswer(Exception):
    """The web process gave an answer that no outage explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One accepted action, as its row must stand in the log.

    Before a reset, what had not ended when it came is `cancelled`, whatever the model says.
    """

    id: UUID
    action_type: str
    status: str


@dataclass(slots=True, kw_only=True)
class Person:
    """One user on the way through a program of some stages.

    A stage is some responses posted one after the other; the next one is written when the lane has ended, as its
    parameters name rows that the one before made. `chats` holds the actions of each chat; a reset begins a new one.
    """

    seed: str
    web_url: str
    user_id: UUID = field(init=False)
    state: State = field(init=False)
    chats: list[list[Expected]] = field(default_factory=lambda: [[]])
    messages: list[UUID] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    waiting_since: float = 0.0
    _random: Random = field(init=False)
    _whims: Random = field(init=False)
    _stages_left: int = field(init=False)
    _author: Author = field(init=False)
    _token: str | None = field(default=None, init=False)
    _user: User = field(init=False)

    def __post_init__(self) -> None:
        # What a client does while it tries again must not change what the program says.
        self._random, self._whims = Random(self.seed), Random(f"{self.seed} whims")

    def begin(self) -> None:
        self._stages_left = self._random.randint(1, 4)
        self._author = Author(random=self._random, foreign=strangers_ids())
        self.state = self._author.start()
        self._user = until_done(lambda: plant(self.state))
        self.user_id = self._user.id
        if self._random.random() < 0.5:
            self._token = until_done(lambda: ApiToken.objects.issue(self._user))
        self._stage()

    def go_on(self) -> bool:
        """Post the next stage, now that the lane has ended. False when there is none."""
        if self._stages_left == 0:
            return False
        until_done(lambda: learn_ids(self.state, self.user_id))
        self._stage()
        return True

    def _stage(self) -> None:
        self._stages_left -= 1
        for _ in range(self._random.randint(1, 5)):
            self._post(self._author.response(self.state))
        if self._random.random() < 0.06:
            self._reset()
        self.waiting_since = time.monotonic()

    def _post(self, response: Response) -> None:
        by_web = self._token is not None
        if by_web:
            response = Response(actions=response.actions)  # a program was asked in no phase
        key = str(uuid4())
        answer = until_done(lambda: self._send(response, key) if by_web else self._accept(response, key))
        message = json.loads(answer)["coach_message"]
        self.counts["responses over HTTP" if by_web else "responses accepted in process"] += 1
        self.messages.append(UUID(message["id"]))
        foretold = apply_response(self.state, response.actions, response.phase)
        for action, (action_type, status) in zip(message["actions"], foretold, strict=True):
            self.chats[-1].append(Expected(id=UUID(action["id"]), action_type=action_type, status=status))

    def _send(self, response: Response, key: str) -> str:
        """As a program does, which sometimes hangs up before it has read the answer, and tries again."""
        impatient = self._whims.random() < 0.1
        timeout = httpx.Timeout(10.0, read=self._whims.uniform(0.001, 0.05)) if impatient else None
        answer = _client(self.web_url).post(
            "users/me/responses",
            json={"response": response.wire()},
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {self._token}"},
            timeout=timeout or 10.0,
        )
        if answer.status_code >= 500:
            raise httpx.RemoteProtocolError(f"{answer.status_code} {answer.text[:300]}")
        if answer.status_code != 202:
            raise WrongAnswer(f"{answer.status_code} {answer.text[:1000]} to {response}")
        return answer.text

    def _accept(self, response: Response, key: str) -> str:
        """As the server's own code does."""
        request = KeyedRequest(caller=self._user, key=key, digest=key)
        posted = CoachChatResponse.model_validate(response.wire())
        phase = CoachingPhase(response.phase) if response.phase else None

        def answer() -> str:
            accepted = accept_response(self._user, posted, Provenance(phase=phase))
            actions = [{"id": str(action.id)} for action in accepted.actions]
            return json.dumps({"coach_message": {"id": str(accepted.message.id), "actions": actions}})

        return answer_once(request, self._user, answer)

    def _reset(self) -> None:
        """In the middle of the stage. Sent twice, it is done twice, and the second finds nothing."""
        time.sleep(self._whims.uniform(0.0, 0.2))
        until_done(lambda: reset_chat(self._user))
        self.counts["chats reset"] += 1
        self.state = State()
        self.chats.append([])
        self.messages.clear()


def until_done(do: Callable[[], T]) -> T:
    """Try again while the database or the web process is away. Raises `GaveUp`."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return do()
        except (DatabaseError, InterfaceError, httpx.TransportError) as error:
            if isinstance(error, DatabaseError | InterfaceError):
                connection.close()
            if time.monotonic() > deadline:
                raise GaveUp(f"{type(error).__name__}: {error}") from error
            time.sleep(0.1)


def _client(url: str) -> httpx.Client:
    """One for each thread."""
    if not hasattr(_of_thread, "client"):
        _of_thread.client = httpx.Client(base_url=f"{url}/api/v1/")
    client: httpx.Client = _of_thread.client
    return client


def open_lanes(people: list[Person]) -> set[UUID]:
    """Those whose lane has not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT user_id FROM actions WHERE user_id = ANY(%s) "
            "AND status IN ('queued', 'running', 'retrying', 'parked')",
            [[person.user_id for person in people]],
        )
        return {row[0] for row in cursor.fetchall()}
