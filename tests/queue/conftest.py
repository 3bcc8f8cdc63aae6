"""Workers and relays for the tests of the queue, ended by process id after each test."""

import json
import re
import signal
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from server.services.action_handler.models.params import AddUserNoteParams
from server.testing.expect import described
from server.testing.faults import Fault, environment_of
from server.testing.perform import accept
from tests.processes import RoleProcess, wait_until

StartRole = Callable[..., RoleProcess]
Hold = Callable[[User], AbstractContextManager[None]]
_numbers = count(1)


@contextmanager
def roles(logs: Path) -> Iterator[StartRole]:
    started: list[RoleProcess] = []

    def start_role(role: str, *faults: Fault, **environment: str) -> RoleProcess:
        name = role.split(maxsplit=1)[0]
        process = RoleProcess(
            role,
            logs / f"{name}-{next(_numbers)}.log",
            environment=environment | environment_of(*faults),
            module="server.testing",
        )
        started.append(process)
        sign = {"worker": "ready.", "relay": "the relay is running"}[name]
        wait_until(lambda: process.says(sign), f"{role} is ready", timeout_s=60)
        return process

    try:
        yield start_role
    finally:
        for process in started:
            process.signal(signal.SIGTERM)  # together: a worker takes a second to go
        with ExitStack() as stops:  # each is stopped, whatever becomes of the others
            for process in started:
                stops.callback(_stop, process)


def _stop(process: RoleProcess) -> None:
    process.stop()
    print(f"--- {process.log.name}\n{process.log.read_text(errors='replace')[-4000:]}")


def started_together(*starts: Callable[[], RoleProcess]) -> list[RoleProcess]:
    """Start several roles at once: each takes seconds to be ready."""
    with ThreadPoolExecutor() as pool:
        return [future.result() for future in [pool.submit(one) for one in starts]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartRole]:
    """Starts a role, e.g. `start("worker")`, and waits until it works.

    Positional arguments are the faults that happen in it, keyword arguments are environment variables.
    """
    with roles(tmp_path) as start_role:
        yield start_role


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RoleProcess]]:
    """Two workers and a relay, for the whole module: its tests leave them alone."""
    with roles(tmp_path_factory.mktemp("roles")) as start_role:
        yield started_together(*(partial(start_role, role) for role in ("worker", "worker", "relay")))


@pytest.fixture
def busy(services: LocalServices) -> Hold:
    """A context in which the user's next action waits in the middle of its attempt: another session has the state."""

    @contextmanager
    def hold(user: User) -> Iterator[None]:
        with psycopg.connect(services.database_url) as session:
            session.execute("SELECT FROM coach_states WHERE user_id = %s FOR UPDATE", [user.id])
            yield

    return hold


def ended(user: User) -> bool:
    """Whether all of the user's actions have ended."""
    return not Action.objects.filter(user=user).open().exists()


def wait_for_lane(user: User, *, timeout_s: float = 30.0) -> list[Action]:
    """The user's actions in lane order, once all have ended."""
    try:
        wait_until(lambda: ended(user), "the lane to end", timeout_s=timeout_s)
    except AssertionError as error:
        raise AssertionError(f"{error}; it stands at\n{described(user)}") from error
    return list(Action.objects.filter(user=user).order_by("seq"))


def note(user: User, text: str = "likes gardens") -> Action:
    """Accept one action for the user."""
    (action,) = accept(user, {"add_user_note": AddUserNoteParams(note=text)}).actions
    return action


def is_running(user: User) -> bool:
    """Whether one of the user's actions is running."""
    return Action.objects.filter(user=user, status="running").exists()


def attempts_of(user: User) -> list[int]:
    """How many attempts each of the user's actions has begun, in lane order."""
    return list(Action.objects.filter(user=user).order_by("seq").values_list("attempt", flat=True))


def notes_of(user: User) -> list[str]:
    """What was noted of the user, in the order in which it was."""
    return list(UserNote.objects.filter(user=user).order_by("created_at").values_list("note", flat=True))


def wait_for_a_sweep() -> None:
    """Wait until a relay has begun one more sweep."""
    before = database_now()
    wait_until(lambda: Heartbeat.objects.filter(role="relay", beat_at__gt=before).exists(), "a relay sweeps")


def broker() -> Redis:
    """The run's Redis."""
    return Redis.from_url(settings.REDIS_URL)


def sent_by(*relays: RoleProcess) -> int:
    """How many messages the relays have sent, as they say."""
    said = "".join(relay.log.read_text(errors="replace") for relay in relays)
    return sum(int(number) for number in re.findall(r"sending (\d+) due", said))


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing of the block stays in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def queued(actions: list[Action]) -> list[UUID]:
    """The actions that messages in the queue name, of these."""
    messages = " ".join(
        json.loads(message)["headers"]["argsrepr"]
        for message in broker().lrange(QueueName.ACTIONS.value, 0, -1)
    )
    return [action.pk for action in actions for _ in range(messages.count(str(action.pk)))]


def body_of(arguments: Sequence[object]) -> str:
    """The body of a Celery message with these arguments."""
    return b64encode(json.dumps([arguments, {}, {}]).encode()).decode()
