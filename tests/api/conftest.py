"""One web process for all tests of the API."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.conftest import coach  # noqa: F401  (a fixture)
from tests.conftest import MakeUser
from tests.model_coach.played import model, models  # noqa: F401  (fixtures)
from tests.queue.conftest import busy, start  # noqa: F401  (fixtures)

if TYPE_CHECKING:
    from server.apps.users.models import User
    from tests.api.web import WebProcess


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[WebProcess]":
    """The web process; its log is shown where a test fails."""
    from tests.api.web import WebProcess

    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as process:
        yield process


@pytest.fixture
def anyone(web: "WebProcess") -> Iterator[httpx.Client]:
    """A client that is not signed in."""
    with web.client() as client:
        yield client


@pytest.fixture
def client(web: "WebProcess", user: "User") -> Iterator[httpx.Client]:
    """A program with the test's user's token."""
    with web.client_of(user) as client:
        yield client


@pytest.fixture
def staff_client(web: "WebProcess", make_user: MakeUser) -> Iterator[httpx.Client]:
    """A program with a staff member's token."""
    with web.client_of(make_user(is_staff=True)) as client:
        yield client


@pytest.fixture
def browser_of(web: "WebProcess") -> "Iterator[Callable[[User], httpx.Client]]":
    """Makes browsers in which a user is signed in, with the CSRF header set."""
    from tests.api.browser import sign_in

    clients: list[httpx.Client] = []

    def open_browser(user: "User") -> httpx.Client:
        clients.append(sign_in(web, user))
        return clients[-1]

    yield open_browser
    for client in clients:
        client.close()
