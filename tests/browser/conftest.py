"""One browser and one stack for all of these tests; every test has users and windows of its own."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from server.apps.users.models import User
from tests.browser.chromium import DESKTOP, WAIT_MS, chromium
from tests.browser.line import Line
from tests.browser.stack import Stack, running
from tests.browser.watch import Watch
from tests.model_coach.played import model, models  # noqa: F401  (fixtures)
from tools.problems import ROOT

NewPage = Callable[..., Page]
NewWindow = Callable[..., BrowserContext]
BUILD_TIMEOUT_S = 600
TIMEOUT_S = 300
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test waits for the build and the start of everything, on a busy machine for long."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))


@pytest.fixture(scope="session")
def built_client() -> None:
    """The client as it is in the tree, built."""
    build = subprocess.run(
        [ROOT / "tools" / "client.sh"], capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False
    )
    if build.returncode:
        pytest.fail(
            f"tools/client.sh could not build the client:\n{build.stdout}{build.stderr}", pytrace=False
        )


@pytest.fixture(scope="package")
def stack(built_client: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Web, a worker and a relay; a test that ends one of them starts it again."""
    with running(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Not for the whole session: while it runs, no other event loop can.
    expect.set_options(timeout=WAIT_MS)
    with chromium() as browser:
        yield browser


@pytest.fixture
def watch() -> Watch:
    """What the test's pages complain of; nothing, or the test fails."""
    return Watch()


@pytest.fixture
def new_window(browser: Browser, stack: Stack, watch: Watch) -> Iterator[NewWindow]:
    """Opens windows of a browser in which nobody is signed in, or the given user; options are the window's."""
    windows: list[BrowserContext] = []

    def open_window(user: User | None = None, **options: Any) -> BrowserContext:
        usual = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB", "base_url": stack.url}
        window = browser.new_context(**usual | options)
        window.set_default_timeout(WAIT_MS)
        watch.over(window)
        if user is not None:
            window.add_cookies(stack.cookies_of(user))
        windows.append(window)
        return window

    yield open_window
    try:
        watch.check([page for window in windows for page in window.pages])
    finally:
        for window in windows:
            window.close()


@pytest.fixture
def line(stack: Stack) -> Iterator[Line]:
    """A line to the web process that can be cut."""
    with Line(stack.port).stretched() as line:
        yield line


@pytest.fixture
def new_page(new_window: NewWindow) -> NewPage:
    """Opens a page in a window of its own."""
    return lambda user=None, **options: new_window(user, **options).new_page()
