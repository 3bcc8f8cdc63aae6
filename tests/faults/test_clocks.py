"""R5, R7: leases, due times and whatever is shown come from the database's clock; that of a host may be wrong."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db.models.functions import Now

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.events.models import Event
from server.apps.users.models import User
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described, told
from server.testing.faults import Fault, environment_of
from tests.api.web import WebProcess
from tests.faults.bounds import assert_given_up_in_time, assert_started_in_time, start_limit_s
from tests.faults.crew import Triggers
from tests.faults.skewed import VARIABLE
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import Hold, is_running, note, notes_of, wait_for_a_sweep, wait_for_lane

pytestmark = [pytest.mark.usefixtures("web"), pytest.mark.timeout(300)]

SKEWED = "tests.faults.skewed"
ON_DEMAND = {"fail": "raise", "long": "sleep:3", "die": "kill"}
"""What happens in a handler once a test asks for it."""


@dataclass(frozen=True, slots=True)
class Host:
    """A machine whose clock is off, and what is started on it."""

    logs: Path
    ahead_s: int
    triggers: Triggers
    stack: ExitStack

    @property
    def environment(self) -> dict[str, str]:
        faults = [
            Fault(point=CrashPoint.IN_HANDLER, do=do, on=None, trigger=self.triggers.of(name))
            for name, do in ON_DEMAND.items()
        ]
        return {VARIABLE: str(self.ahead_s)} | environment_of(*faults)

    def start(self, role: str) -> RoleProcess:
        log = self.logs / f"{role}-{len(list(self.logs.iterdir()))}.log"
        process = RoleProcess(role, log, environment=self.environment, module=SKEWED)
        self.stack.callback(process.stop)
        return process

    def start_web(self) -> WebProcess:
        return WebProcess(self.logs / "web.log", self.environment, module=SKEWED)


@pytest.fixture(scope="module", params=[3600, -3600], ids=["an hour ahead", "an hour behind"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    logs = tmp_path_factory.mktemp("host")
    with ExitStack() as stack:
        yield Host(logs, request.param, Triggers(tmp_path_factory.mktemp("triggers")), stack)


@pytest.fixture(autouse=True)
def _nothing_asked_for(host: Host) -> None:
    host.triggers.forget()


@pytest.fixture(scope="module")
def web(host: Host) -> WebProcess:
    """Beside it a relay and a worker are at work."""
    relay, worker, web = host.start("relay"), host.start("worker"), host.start_web()
    host.stack.callback(web.stop)
    wait_until(lambda: relay.says("the relay is running"), "the relay is ready", timeout_s=90)
    wait_until(lambda: worker.says("ready."), "the worker is ready", timeout_s=90)
    return host.stack.enter_context(web)


def test_a_chat_runs_and_every_time_that_is_shown_is_the_databases(
    host: Host, web: WebProcess, user: User
) -> None:
    before = database_now()
    wait_until(lambda: httpx.get(f"{web.url}/readyz").status_code == 200, "the relay is seen to be alive")
    with web.client_of(user) as client:
        posted = client.post("messages", json={"content": "Remember: I like tea."})
        assert posted.status_code == 201, posted.text
        wait_for_lane(user)
        shown = client.get("messages").json()["items"]
    after = database_now()
    assert_actions(user, [("add_user_note", "succeeded")])
    assert_started_in_time(user)
    times = sorted([*times_in(posted.json()), *times_in(shown), *times_told(user)])
    assert len(times) >= 10
    assert before <= times[0] <= times[-1] <= after, (before, times, after)


def test_a_retry_is_due_when_it_should_be(host: Host, user: User) -> None:
    host.triggers.pull("fail")
    note(user)
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert told(user) == ["retrying", "succeeded"]
    assert_started_in_time(user)
    failed, succeeded = Event.objects.filter(user=user, kind="action").order_by("cursor")
    assert failed.data is not None
    assert succeeded.data is not None
    due, started = (
        datetime.fromisoformat(at) for at in (failed.data["due_at"], succeeded.data["started_at"])
    )
    assert timedelta(seconds=0.9) < due - failed.created_at < timedelta(seconds=1.6)
    assert started >= due
    assert len(notes_of(user)) == 1


def test_a_long_attempt_is_not_taken_for_lost(host: Host, user: User, busy: Hold) -> None:
    with busy(user):
        note(user)
        wait_until(lambda: is_running(user), "the attempt is under way")
        for _ in range(3):
            wait_for_a_sweep()
        assert is_running(user), described(user)
    (action,) = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert (action.attempt, told(user)) == (1, ["succeeded"])
    assert len(notes_of(user)) == 1


def test_an_attempt_past_its_lease_is_given_up_in_time(host: Host, user: User) -> None:
    host.triggers.pull("long")
    note(user)
    wait_until(lambda: host.triggers.is_spent("long"), "the handler is at work")
    running = Action.objects.filter(user=user, status="running")
    assert running.update(lease_until=Now() + timedelta(seconds=1)) == 1
    ends = running.values_list("lease_until", flat=True).get()
    wait_until(lambda: "retrying" in told(user), "the attempt is given up")
    given_up = Event.objects.get(user=user, data__status="retrying")
    assert given_up.data is not None
    assert given_up.data["error_kind"] == "time_limit"
    assert ends is not None
    assert ends <= given_up.created_at < ends + timedelta(seconds=start_limit_s())
    (action,) = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert action.attempt == 2
    assert len(notes_of(user)) == 1


def test_an_attempt_whose_worker_was_killed_is_given_up_in_time(host: Host, user: User) -> None:
    host.triggers.pull("die")
    note(user)
    wait_until(lambda: host.triggers.is_spent("die"), "the worker is killed")
    killed_at = database_now()
    wait_until(lambda: "retrying" in told(user), "the attempt is given up")
    assert_given_up_in_time(user, since=killed_at)
    worker = host.start("worker")
    wait_until(lambda: worker.says("ready."), "another worker is ready", timeout_s=90)
    back = database_now()
    (action,) = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert action.attempt == 2
    assert len(notes_of(user)) == 1
    assert_started_in_time(user, since=back)


def times_in(shown: Any) -> list[datetime]:
    """Every time that stands in an answer of the API."""
    if isinstance(shown, list):
        return [time for item in shown for time in times_in(item)]
    if not isinstance(shown, dict):
        return []
    own = [datetime.fromisoformat(value) for key, value in shown.items() if key.endswith("_at") and value]
    return own + times_in(list(shown.values()))


def times_told(user: User) -> list[datetime]:
    """Every time in the user's events."""
    events = list(Event.objects.filter(user=user))
    return [event.created_at for event in events] + times_in([event.data for event in events])
