"""A throw-away PostgreSQL and Redis for each process of the run, migrated; every test makes users of its own."""

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from xdist.workermanage import NodeManager

from server.local.services import LocalServices
from tests.servers import set_up_django

if TYPE_CHECKING:
    from server.apps.users.models import User

MakeUser = Callable[..., "User"]
TellFigure = Callable[[str], None]
END_TIMEOUT_S = 60  # what tests have started takes a while to end
FIGURE = "figure"
_numbers = count(1)


def _start_services(home: Path) -> LocalServices:
    with ExitStack() as stack:  # they are ended again where Django cannot be set up
        services = stack.enter_context(LocalServices(home, durable=False))
        set_up_django(services, home)
        stack.pop_all()
    return services


# Here and not in a fixture: test modules import Django's models, which need the settings, which need the servers. The
# process that only hands the tests out to others has servers too, which stand idle.
HOME = Path(tempfile.mkdtemp(prefix="coach-tests-"))
SERVICES = _start_services(HOME)


def pytest_configure(config: pytest.Config) -> None:
    # A run that is told to end takes its servers with it, and what its tests have started.
    signal.signal(signal.SIGTERM, lambda *_: _end(config))
    # What a run in the background, or under nohup, is made deaf to, what the tests start would be deaf to as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _end(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("dsession"):
        _end_those_who_run_the_tests()
    pytest.exit("told to end", returncode=130)


def _end_those_who_run_the_tests() -> None:
    NodeManager.EXIT_TIMEOUT = END_TIMEOUT_S
    for child in psutil.Process().children():
        if child.name().startswith("python"):
            child.terminate()


def pytest_unconfigure() -> None:
    SERVICES.__exit__(None, None, None)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def services() -> LocalServices:
    """The run's PostgreSQL and Redis."""
    return SERVICES


@pytest.fixture
def tell_figure(record_property: Callable[[str, object], None]) -> TellFigure:
    """Tells what was measured, at the end of the run, whichever process the test is run in."""
    return lambda text: record_property(FIGURE, text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    told = [
        (report.nodeid, str(text))
        for report in reports
        if report.when == "call"
        for name, text in report.user_properties
        if name == FIGURE
    ]
    if told:
        terminalreporter.section("measured")
    for test, text in sorted(told):
        terminalreporter.write_line(f"{test}\n{indent(text, '    ')}")


@pytest.fixture
def make_user() -> MakeUser:
    """Makes users with emails of their own; keyword arguments are the user's fields."""
    from server.apps.users.models import User

    def make(**fields: Any) -> User:
        fields.setdefault("email", f"user{next(_numbers)}@example.org")
        return User.objects.create_user(**fields)

    return make


@pytest.fixture
def user(make_user: MakeUser) -> "User":
    """A user of the test's own."""
    return make_user()


@pytest.fixture(autouse=True)
def _no_transaction_outlives_its_test() -> Iterator[None]:
    yield
    from django.db import connection

    assert not connection.in_atomic_block, "the test left a transaction open"
