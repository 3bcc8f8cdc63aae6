"""Workers and relays for the tests of the queue, ended by process id after each test."""

import json
import signal
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from server.apps.actions.models import Action
from server.apps.users.models import User
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
        process = RoleProcess(
            role,
            logs / f"{role}-{next(_numbers)}.log",
            environment=environment | environment_of(*faults),
            module="server.testing",
        )
        started.append(process)
        sign = {"worker": "ready.", "relay": "the relay is running"}[role]
        wait_until(lambda: process.says(sign), f"{role} is ready", timeout_s=60)
        return process

    try:
        yield start_role
    finally:
        for process in started:
            process.signal(signal.SIGTERM)  # together: a worker takes a second to go
        for process in started:
            process.stop()
            print(f"--- {process.log.name}\n{process.log.read_text(errors='replace')[-4000:]}")


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
        yield [start_role("worker"), start_role("worker"), start_role("relay")]


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


def body_of(arguments: Sequence[object]) -> str:
    """The body of a Celery message with these arguments."""
    return b64encode(json.dumps([arguments, {}, {}]).encode()).decode()
