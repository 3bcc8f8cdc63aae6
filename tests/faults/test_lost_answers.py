"""R2, R3, R5, R7: a commit lands and nobody hears of it, or is lost on its way: once is once."""

import signal
from collections.abc import Iterator

import httpx
import pytest

from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.local.services import LocalServices
from server.testing.expect import assert_actions, described
from tests.api.web import WebProcess
from tests.api.work import POSTS
from tests.faults.bounds import assert_started_in_time
from tests.faults.proxy import Proxy
from tests.processes import RoleProcess
from tests.queue.conftest import note, notes_of, roles, wait_for_lane

pytestmark = pytest.mark.timeout(300)

COMMIT = b"COMMIT"
KEY = {"Idempotency-Key": "k"}


@pytest.fixture(scope="module")
def way(services: LocalServices) -> Iterator[Proxy]:
    """The way to the database of one worker, which has a relay beside it whose own way is safe."""
    with Proxy(services) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def worker(way: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoleProcess]:
    with roles(tmp_path_factory.mktemp("roles")) as start:
        start("relay")
        yield start("worker", DATABASE_URL=way.database_url)


@pytest.fixture(scope="module")
def web_way(services: LocalServices) -> Iterator[Proxy]:
    """The way to the database of one web process."""
    with Proxy(services) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def web(web_way: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    log = tmp_path_factory.mktemp("web") / "web.log"
    with WebProcess(log, {"DATABASE_URL": web_way.database_url}) as process:
        yield process


@pytest.mark.parametrize(
    ("lost", "lands", "attempts"),
    [("commit", True, 1), ("commit", False, 2), ("claim", True, 2), ("claim", False, 1)],
    ids=["commit landed", "commit was lost", "claim landed", "claim was lost"],
)
def test_a_worker_that_hears_nothing_of_its_commit_loses_and_doubles_nothing(
    user: User, way: Proxy, worker: RoleProcess, lost: str, lands: bool, attempts: int
) -> None:
    worker.signal(signal.SIGSTOP)
    doomed, _ = note(user, "one"), note(user, "two")
    claim = doomed.id.bytes, doomed.id.hex.encode()  # its id is not spoken of before it is claimed
    way.lose(*((COMMIT,) if lost == "commit" else claim), lands=lands)
    since = database_now()
    worker.signal(signal.SIGCONT)
    assert way.has_struck.wait(30), described(user)
    first, second = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert (first.attempt, second.attempt) == (attempts, 1), described(user)
    assert notes_of(user) == ["one", "two"]
    assert_started_in_time(user, since=since)
    assert worker.exit_code is None


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("path", "before", "lands"),
    [
        ("users/me/responses", 0, True),
        ("users/me/responses", 0, False),
        ("messages", 1, True),
        ("messages", 1, False),
        ("messages", 0, True),
    ],
    ids=[
        "a response landed",
        "a response was lost",
        "the coach's answer landed",
        "the coach's answer was lost",
        "the user's message landed",
    ],
)
def test_a_request_whose_commit_nobody_heard_of_is_answered_when_it_is_sent_again(
    user: User, web: WebProcess, web_way: Proxy, path: str, before: int, lands: bool
) -> None:
    with web.client_of(user, timeout=60) as client:

        def post() -> httpx.Response:
            return client.post(path, json=POSTS[path], headers=KEY)

        web_way.lose(COMMIT, lands=lands, skip=before)
        assert post().status_code == 503
        assert web_way.has_struck.is_set()
        landed = set(ChatMessage.objects.filter(user=user).values_list("id", flat=True))
        assert bool(landed) == (lands or before > 0)
        answer = post()
        assert answer.is_success, answer.text
        assert post().text == answer.text
    messages = ChatMessage.objects.filter(user=user).order_by("created_at")
    assert [message.role for message in messages] == (["user", "coach"] if path == "messages" else ["coach"])
    assert landed <= {message.id for message in messages}
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert len(notes_of(user)) == 1
    assert_started_in_time(user)
