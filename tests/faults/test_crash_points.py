"""R1, R2, R3, R6, R7: a process that is killed at any named point of the path loses nothing and doubles nothing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from django.db.models.functions import Now

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described
from server.testing.faults import Fault, InjectedFault, environment_of, inject
from tests.api.web import WebProcess
from tests.api.work import note as response_with_note
from tests.faults.bounds import assert_given_up_in_time, assert_started_in_time
from tests.faults.crew import Crew, Triggers
from tests.faults.points import ACCEPT_POINTS, RELAY_POINTS
from tests.processes import wait_until
from tests.queue.conftest import Hold, attempts_of, is_running, note, notes_of, roles, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

ATTEMPTS = {
    CrashPoint.BEFORE_CLAIM: 1,
    CrashPoint.AFTER_CLAIM: 2,
    CrashPoint.IN_HANDLER: 2,
    CrashPoint.AFTER_EFFECT: 2,
    CrashPoint.BEFORE_COMMIT: 2,
    CrashPoint.AFTER_COMMIT: 1,
    CrashPoint.AFTER_PUBLISH: 1,
}
"""The worker's points, and the attempts that the first action takes when its worker is killed there."""

TEXTS = ["one", "two", "three"]
KEY = {"Idempotency-Key": "the one key"}
Post = Callable[[httpx.Client], httpx.Response]


def post_response(client: httpx.Client) -> httpx.Response:
    return client.post("users/me/responses", json={"response": response_with_note("tea")}, headers=KEY)


def post_message(client: httpx.Client) -> httpx.Response:
    return client.post("messages", json={"content": "remember: tea"}, headers=KEY)


class Webs:
    """A web process that is killed when a trigger is pulled, and started again."""

    def __init__(self, logs: Path, *faults: Fault) -> None:
        self._logs = logs
        self._faults = faults
        self._web = self._started()

    def tended(self) -> WebProcess:
        """The web process; a new one where it has ended."""
        if self._web.exit_code is not None:
            self._web.stop()  # it has ended; its log is closed
            self._web = self._started()
        return self._web

    def stop(self) -> None:
        self._web.stop()
        print(f"--- {self._web.log.name}\n{self._web.log.read_text(errors='replace')[-4000:]}")

    def _started(self) -> WebProcess:
        log = self._logs / f"web-{len(list(self._logs.iterdir()))}.log"
        return WebProcess(log, environment_of(*self._faults), module="server.testing").__enter__()


@pytest.fixture(scope="module")
def triggers(tmp_path_factory: pytest.TempPathFactory) -> Triggers:
    return Triggers(tmp_path_factory.mktemp("triggers"))


@pytest.fixture(scope="module")
def _crew(triggers: Triggers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    faults = [killing_at(point, triggers) for point in (*ATTEMPTS, *RELAY_POINTS)]
    with roles(tmp_path_factory.mktemp("crew")) as start:
        yield Crew(start, ["relay", "worker", "worker"], faults)


@pytest.fixture
def crew(_crew: Crew, triggers: Triggers) -> Crew:
    """Two workers and a relay, all alive when a test begins."""
    triggers.forget()
    _crew.assemble()
    return _crew


@pytest.fixture(scope="module")
def webs(triggers: Triggers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webs]:
    webs = Webs(tmp_path_factory.mktemp("webs"), *(killing_at(point, triggers) for point in ACCEPT_POINTS))
    yield webs
    webs.stop()


def test_every_point_has_a_test_that_kills_there() -> None:
    assert set(CrashPoint) == {*ATTEMPTS, *RELAY_POINTS, *ACCEPT_POINTS}


@pytest.mark.parametrize(("point", "attempts"), ATTEMPTS.items())
def test_a_worker_killed_at_a_named_point_loses_and_doubles_nothing(
    user: User, crew: Crew, triggers: Triggers, point: CrashPoint, attempts: int
) -> None:
    triggers.pull(point)
    for text in TEXTS:
        note(user, text)
    wait_until(lambda: triggers.is_spent(point), "a worker comes by")
    killed_at = database_now()
    assert_notes_were_made_in_order(user)
    assert attempts_of(user)[0] == attempts, described(user)
    if attempts > 1:
        assert_given_up_in_time(user, since=killed_at)


@pytest.mark.parametrize("point", [CrashPoint.RELAY_BEFORE_PUBLISH, CrashPoint.RELAY_AFTER_PUBLISH])
def test_a_relay_killed_around_its_sending_loses_and_doubles_nothing(
    user: User, crew: Crew, triggers: Triggers, point: CrashPoint
) -> None:
    triggers.pull(point)
    with inject(Fault(point=CrashPoint.AFTER_ACCEPT_COMMIT, do="raise")), suppress(InjectedFault):
        note(user, TEXTS[0])  # stored, and never sent
    for text in TEXTS[1:]:
        note(user, text)
    wait_until(lambda: triggers.is_spent(point), "the relay comes by")
    wait_until(lambda: crew.tend() == 1, "the relay is started again")
    assert_notes_were_made_in_order(user, since=database_now())
    assert attempts_of(user) == [1, 1, 1], described(user)


def test_a_relay_killed_after_giving_up_a_dead_action_leaves_its_lane_going_on(
    user: User, crew: Crew, triggers: Triggers, busy: Hold
) -> None:
    triggers.pull(CrashPoint.IN_HANDLER)
    triggers.pull(CrashPoint.RELAY_AFTER_GIVING_UP)
    with busy(user):
        note(user, "one")
        note(user, "two")
        wait_until(lambda: is_running(user), "the first action runs")
        Action.objects.filter(user=user, status="running").update(max_attempts=1)
    wait_until(lambda: triggers.is_spent(CrashPoint.IN_HANDLER), "the worker is killed")
    killed_at = database_now()
    wait_until(lambda: triggers.is_spent(CrashPoint.RELAY_AFTER_GIVING_UP), "the relay comes by")
    wait_until(lambda: crew.tend() == 2, "worker and relay are started again")
    all_up = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "dead"), ("add_user_note", "succeeded")])
    assert_given_up_in_time(user, since=killed_at)
    assert notes_of(user) == ["two"]
    assert_started_in_time(user, since=all_up)


@pytest.mark.parametrize(
    ("point", "post"),
    [
        *((point, post_response) for point in ACCEPT_POINTS),
        (CrashPoint.BEFORE_ACCEPT_COMMIT, post_message),
        (CrashPoint.AFTER_ACCEPT_COMMIT, post_message),
    ],
)
def test_a_web_process_killed_while_it_accepts_has_stored_all_or_nothing_and_the_retry_stores_once(
    user: User, crew: Crew, webs: Webs, triggers: Triggers, point: CrashPoint, post: Post
) -> None:
    doomed = webs.tended()
    triggers.pull(point)
    with doomed.client_of(user) as client, pytest.raises(httpx.TransportError):
        post(client)
    wait_until(lambda: doomed.exit_code is not None, "the web process is killed")
    expected = 0 if point is CrashPoint.BEFORE_ACCEPT_COMMIT else 1
    assert rows_of_the_response(user) == [expected] * 3
    end_the_leases_of(user)
    with webs.tended().client_of(user) as client:
        first, second = post(client), post(client)
    assert first.is_success, first.text
    assert first.content == second.content
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert_started_in_time(user)
    assert rows_of_the_response(user) == [1] * 3
    assert UserNote.objects.filter(user=user).count() == 1


def killing_at(point: CrashPoint, triggers: Triggers) -> Fault:
    return Fault(point=point, on=None, trigger=triggers.of(point))


def assert_notes_were_made_in_order(user: User, *, since: datetime | None = None) -> None:
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * len(TEXTS))
    assert_started_in_time(user, since=since)
    assert notes_of(user) == TEXTS


def rows_of_the_response(user: User) -> list[int]:
    """How many coach messages, actions and kept answers there are."""
    return [
        ChatMessage.objects.filter(user=user, role="coach").count(),
        Action.objects.filter(user=user).count(),
        IdempotencyKey.objects.filter(user=user).exclude(answer=None).count(),
    ]


def end_the_leases_of(user: User) -> None:
    """Let the time pass for which a request that is under way is believed to be alive."""
    IdempotencyKey.objects.filter(user=user).update(expires_at=Now())
