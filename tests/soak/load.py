"""Users who keep writing, programs that keep posting, clients that listen, and the time that passes for old keys."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from django.db import connection

from server.apps.actions.models import Action
from server.apps.threads import in_thread
from server.apps.user_notes.models import UserNote
from server.apps.users.models import ApiToken, User
from server.enums.action_status import ActionStatus
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_queue import operate
from server.services.action_queue.accept import accept_response
from tests.soak.system import SoakError

PASSWORD = "a long enough passphrase"  # noqa: S105 - of users that live for one soak
AT_ONCE = 20
SENT_TWICE = 0.1
TIMEOUT_S = 30.0
READ_TIMEOUT_S = 60.0

# A key is kept for a day at least, and a session for two weeks: both are made so old once they are `keep_s` old.
AGE_KEYS = """
UPDATE idempotency_keys SET expires_at = expires_at - interval '2 days'
WHERE expires_at BETWEEN now() - interval '1 day' AND now() - make_interval(secs => %(keep_s)s::float8)
"""
AGE_SESSIONS = """
UPDATE django_session SET expire_date = now() - interval '1 minute'
WHERE expire_date BETWEEN now() AND now() + interval '14 days' - make_interval(secs => %(keep_s)s::float8)
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A user, a token of theirs, and a note of theirs that is changed again and again."""

    user: User
    token: str
    note_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(slots=True)
class Counts:
    """What was done, and what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


def make_people(count: int) -> list[Person]:
    """New users, each with a note."""
    return [_person(number) for number in range(count)]


def _person(number: int) -> Person:
    user = User.objects.create_user(email=f"soak{number}@example.org", password=PASSWORD)
    note = UserNote.objects.create(user=user, note="Likes gardens.")
    return Person(user, ApiToken.objects.issue(user), note.id)


class Load:
    """Does `rate` things a second, until told to stop."""

    def __init__(self, url: str, people: list[Person], *, rate: float, keep_s: float) -> None:
        self._url = url
        self._people = people
        self._rate = rate
        self._keep_s = keep_s
        self._room = asyncio.Semaphore(AT_ONCE)
        self.counts = Counts()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Under load while the block lasts; what has begun is then let end."""
        limits = httpx.Limits(max_connections=200, keepalive_expiry=3)
        async with httpx.AsyncClient(
            base_url=f"{self._url}/api/v1/", timeout=TIMEOUT_S, limits=limits, trust_env=False
        ) as self._client:
            listening = [asyncio.create_task(self._listen(person)) for person in self._people[::2]]
            working = [
                asyncio.create_task(self._again(work, every_s)) for work, every_s in self._works().items()
            ]
            try:
                yield
            finally:
                await _cancel(working)
                for _ in range(AT_ONCE):
                    await self._room.acquire()
                await _cancel(listening)

    def _works(self) -> Mapping[Callable[[Person], Awaitable[None]], float]:
        """What is done, and every how many seconds. The first four are the responses."""
        each_s = 1 / self._rate
        return {
            self._post_response: each_s / 0.55,
            self._post_unwise_response: each_s / 0.1,
            self._accept: each_s / 0.2,
            self._write: each_s / 0.15,
            self._visit: 0.5,
            self._read_pages: 1.0,
            self._retry_a_rejected_one: 5.0,
            self._sign_in: 23.0,
            self._age: self._keep_s / 4,
        }

    async def _again(self, work: Callable[[Person], Awaitable[None]], every_s: float) -> None:
        """Begin the work at a steady pace, as long as there is room for it."""
        loop = asyncio.get_running_loop()
        due, begun = loop.time(), set[asyncio.Task[None]]()
        while True:
            due = max(due + every_s, loop.time())
            await asyncio.sleep(due - loop.time())
            await self._room.acquire()
            task = asyncio.create_task(self._once(work))
            begun.add(task)
            task.add_done_callback(begun.discard)

    async def _once(self, work: Callable[[Person], Awaitable[None]]) -> None:
        name = getattr(work, "__name__", "work").strip("_")
        try:
            await work(random.choice(self._people))
            self.counts.done[name] += 1
        except (httpx.HTTPError, SoakError) as error:
            self.counts.wrong[f"{name}: {type(error).__name__} {error}"] += 1
        finally:
            self._room.release()

    async def _post_response(self, person: Person) -> None:
        await self._post(person, "users/me/responses", {"response": _response(person)})

    async def _post_unwise_response(self, person: Person) -> None:
        """A response whose action is rejected: the note is nobody's."""
        nobodys = {"user_note_id": str(uuid4()), "note": "Likes boats."}
        unwise = {"message": "Mended.", "update_user_note": {"params": nobodys}}
        await self._post(person, "users/me/responses", {"response": unwise})

    async def _write(self, person: Person) -> None:
        await self._post(person, "messages", {"content": "Hello, it is me."})

    async def _post(self, person: Person, path: str, body: object) -> None:
        """Post it; now and then twice, and the answer is the same."""
        headers = person.headers | {"Idempotency-Key": str(uuid4())}
        times = 2 if random.random() < SENT_TWICE else 1
        answers = [await self._client.post(path, json=body, headers=headers) for _ in range(times)]
        for answer in answers:
            answer.raise_for_status()
        if answers[0].content != answers[-1].content:
            raise SoakError("a request that was sent twice was answered in two ways")

    @staticmethod
    async def _accept(person: Person) -> None:
        await in_thread(accept_response, person.user, CoachChatResponse.model_validate(_response(person)))

    async def _visit(self, person: Person) -> None:
        """Open a stream, from now or from the beginning, hear its first event and leave."""
        query = random.choice(({}, {"after": 0}))
        async with self._client.stream("GET", "events", params=query, headers=person.headers) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                if not line:
                    return

    async def _read_pages(self, person: Person) -> None:
        for path in ("actions", "messages", "coach-state", "user-notes?limit=20"):
            (await self._client.get(path, headers=person.headers)).raise_for_status()

    async def _retry_a_rejected_one(self, person: Person) -> None:
        await in_thread(_retry_a_rejected_one, person.user)

    async def _sign_in(self, person: Person) -> None:
        """As a program without a token does: a session more."""
        async with httpx.AsyncClient(base_url=self._client.base_url, trust_env=False) as client:
            credentials = {"email": person.user.email, "password": PASSWORD}
            (await client.post("auth/login", json=credentials, timeout=TIMEOUT_S)).raise_for_status()

    async def _age(self, person: Person) -> None:
        await in_thread(_age, self._keep_s)

    async def _listen(self, person: Person) -> None:
        """Follow a user's stream, and come back to where it was cut."""
        cursor = ""
        while True:
            headers = person.headers | ({"Last-Event-ID": cursor} if cursor else {})
            timeout = httpx.Timeout(TIMEOUT_S, read=READ_TIMEOUT_S)
            with suppress(httpx.TransportError):
                async with self._client.stream("GET", "events", headers=headers, timeout=timeout) as stream:
                    stream.raise_for_status()
                    async for line in stream.aiter_lines():
                        cursor = self._heard(line, cursor)
            self.counts.wrong["a stream was cut"] += 1
            await asyncio.sleep(0.5)

    def _heard(self, line: str, cursor: str) -> str:
        """The cursor after this line of a stream; one that listens all the time misses nothing."""
        name, _, value = line.partition(": ")
        if name == "data" and not cursor:
            return str(json.loads(value)["cursor"])  # of `hello`
        if name == "event":
            self.counts.done[f"heard {value}"] += 1
            if value == "reset":
                self.counts.wrong["a client that was up to date was told to reload"] += 1
        if name == "id" and int(value) != int(cursor) + 1:
            self.counts.wrong["an event came twice, or one was missing"] += 1
        return value if name == "id" else cursor


def _response(person: Person) -> dict[str, object]:
    """Mostly one action; now and then a second one, which adds a row."""
    mend = {"user_note_id": str(person.note_id), "note": f"Likes gardens: {uuid4()}."}
    actions: dict[str, object] = {"update_user_note": {"params": mend}}
    if random.random() < 0.1:
        actions["add_user_note"] = {"params": {"note": f"Said {uuid4()}."}}
    return {"message": "Noted.", **actions}


def _retry_a_rejected_one(user: User) -> None:
    rejected = Action.objects.filter(user=user, status=ActionStatus.REJECTED).order_by("-seq").first()
    if rejected is not None:
        with suppress(operate.NotPossible):
            operate.retry(rejected, operator="soak")


def _age(keep_s: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(AGE_KEYS, {"keep_s": keep_s})
        cursor.execute(AGE_SESSIONS, {"keep_s": keep_s})


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
