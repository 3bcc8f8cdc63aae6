"""R8, and deploys: versions that run side by side, and migrations while the load goes on, lose and refuse nothing."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from server.apps.actions.models import Action
from server.apps.actions.queries import UNKNOWN_OFFERED_EVERY_S, database_now
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.cli import main
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from server.services.action_handler.models.params import DeleteUserNoteParams, UpdateUserNoteParams
from server.services.action_queue.accept import ref
from server.services.action_queue.operate import cancel
from server.testing.expect import assert_actions, described, told
from server.testing.perform import accept
from tests.api.stream import stream
from tests.api.web import WebProcess
from tests.conftest import MakeUser, TellFigure
from tests.faults.bounds import start_limit_s
from tests.faults.load import Load
from tests.faults.newer import Version, with_migrations, with_other_actions
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import (
    Hold,
    StartRole,
    broker,
    is_running,
    note,
    notes_of,
    queued,
    rolled_back,
    sent_by,
    wait_for_lane,
)
from workers.publisher import CeleryPublisher
from workers.relay import BATCH, GRACE_S, Relay

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

FEW = 5
"""Messages that may be sent in vain: where a worker has taken one and does not claim its action for two seconds."""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """A version with another set of actions."""
    return with_other_actions(tmp_path_factory.mktemp("newer"))


@pytest.fixture(scope="module")
def newer_web(newer: Version, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """The newer version's web."""
    log = tmp_path_factory.mktemp("web") / "newer-web.log"
    with WebProcess(log, newer.environment) as web:
        yield web


@pytest.fixture
def older_web(tmp_path: Path) -> Iterator[WebProcess]:
    """The web of this version."""
    with WebProcess(tmp_path / "web.log") as web:
        yield web


# Versions side by side


def test_what_no_worker_knows_yet_is_parked_told_and_released_by_the_first_that_does(
    make_user: MakeUser,
    start: StartRole,
    newer: Version,
    newer_web: WebProcess,
    older_web: WebProcess,
    capsys: pytest.CaptureFixture[str],
) -> None:
    relay, old_worker = start("relay"), start("worker")
    new_type, new_params, other = make_user(), make_user(), make_user()
    post(newer_web, new_type, "count_sheep", sheep="Dolly")
    post(newer_web, new_type, "add_user_note", note="sleeps now")
    old_note = UserNote.objects.create(user=new_params, note="was wrong")
    post(newer_web, new_params, "delete_user_note", user_note_id=str(old_note.pk), why="It was wrong.")
    wait_until(lambda: is_parked(new_type) and is_parked(new_params), "both are parked")
    parked_at, sent_before = time.monotonic(), sent_by(relay)
    note(other)
    wait_for_lane(other)
    assert_actions(other, [("add_user_note", "succeeded")])
    assert_actions(
        new_type, [("count_sheep", "parked", reason("count_sheep", 1)), ("add_user_note", "queued")]
    )
    assert_actions(new_params, [("delete_user_note", "parked", reason("delete_user_note", 2))])
    assert_shown_to_its_user(new_type, older_web)
    assert_shown_to_operators(new_type, make_user(is_staff=True, is_superuser=True), capsys)

    wait_until(lambda: sent_by(relay) >= sent_before + 2, "the old worker is offered both, and leaves them")
    start("worker", **newer.environment)
    old_worker.stop()
    released_from = database_now()
    limit_s = UNKNOWN_OFFERED_EVERY_S + start_limit_s()  # for the relay does not know these actions
    for user in (new_type, new_params):
        wait_for_lane(user, timeout_s=60)
        first = Action.objects.filter(user=user).earliest("seq")
        assert first.started_at is not None
        assert first.started_at - released_from < timedelta(seconds=limit_s), described(user)
    assert_actions(new_type, [("count_sheep", "succeeded"), ("add_user_note", "succeeded")])
    assert told(new_type) == ["parked", "succeeded", "succeeded"]
    assert notes_of(new_type) == ["Dolly", "sleeps now"]
    assert_actions(new_params, [("delete_user_note", "succeeded")])
    assert told(new_params) == ["parked", "succeeded"]
    assert notes_of(new_params) == []
    offers_each = (time.monotonic() - parked_at) / UNKNOWN_OFFERED_EVERY_S + 1
    assert sent_by(relay) - sent_before <= 2 * offers_each + FEW


def test_while_old_and_new_workers_run_side_by_side_everything_is_applied_once(
    make_user: MakeUser, start: StartRole, newer: Version, newer_web: WebProcess
) -> None:
    relay, old_worker = start("relay", **newer.environment), start("worker")
    users = [make_user() for _ in range(8)]
    for user in users:
        post(newer_web, user, "count_sheep", sheep="Dolly")
        post(newer_web, user, "add_user_note", note="sleeps now")
    wait_until(lambda: all(is_parked(user) for user in users), "all are parked")
    parked_at, sent_before = time.monotonic(), sent_by(relay)
    start("worker", **newer.environment)
    for user in users:
        wait_for_lane(user, timeout_s=90)
        assert_actions(user, [("count_sheep", "succeeded"), ("add_user_note", "succeeded")])
        assert told(user) == ["parked", "succeeded", "succeeded"], described(user)
        assert notes_of(user) == ["Dolly", "sleeps now"]
    offers_each = (time.monotonic() - parked_at) / GRACE_S + 1
    assert sent_by(relay) - sent_before <= len(users) * offers_each + FEW
    assert old_worker.exit_code is None


def test_what_the_newer_version_no_longer_knows_is_parked_or_rejected_and_never_lost(
    make_user: MakeUser, start: StartRole, newer: Version
) -> None:
    removed, changed, other = make_user(), make_user(), make_user()
    start("relay", **newer.environment)
    start("worker", **newer.environment)
    accept(removed, {"update_user_note": UpdateUserNoteParams(user_note_id="mine", note="x")})
    note(removed, "after")
    accept(changed, {"delete_user_note": DeleteUserNoteParams(user_note_id="mine")})
    note(changed, "after")
    note(other, "at once")
    wait_until(lambda: is_parked(removed), "the action that was removed is parked")
    wait_for_lane(changed)
    wait_for_lane(other)
    assert_actions(
        removed, [("update_user_note", "parked", reason("update_user_note", 1)), ("add_user_note", "queued")]
    )
    assert_actions(changed, [("delete_user_note", "rejected"), ("add_user_note", "succeeded")])
    assert Action.objects.filter(user=changed).earliest("seq").error_kind == "invalid_params"
    assert_actions(other, [("add_user_note", "succeeded")])

    cancel(Action.objects.filter(user=removed).earliest("seq"), operator="somebody")
    wait_for_lane(removed)
    assert_actions(removed, [("update_user_note", "cancelled"), ("add_user_note", "succeeded")])
    assert notes_of(removed) == ["after"]


def test_a_row_whose_params_no_longer_validate_is_rejected_and_the_lane_goes_on(
    user: User, start: StartRole, busy: Hold
) -> None:
    start("relay")
    start("worker")
    no_longer_valid = [{"text": "renamed"}, {"note": "one", "colour": "too many"}, {"note": 7}, {}]
    with busy(user):
        note(user, "before")
        wait_until(lambda: is_running(user), "the first action runs")
        for parameters in no_longer_valid:
            Action.objects.filter(pk=note(user, "changed").pk).update(parameters=parameters)
        note(user, "after")
    wait_for_lane(user)
    rejected = [("add_user_note", "rejected")] * len(no_longer_valid)
    assert_actions(user, [("add_user_note", "succeeded"), *rejected, ("add_user_note", "succeeded")])
    for action in Action.objects.filter(user=user, status="rejected"):
        assert (action.error_kind, action.attempt) == ("invalid_params", 1)
        assert "parameters" in action.result_summary
    assert notes_of(user) == ["before", "after"]


# Parked actions and the relay


@pytest.mark.parametrize(
    ("action_type", "every_s"), [("count_sheep", UNKNOWN_OFFERED_EVERY_S), ("add_user_note", GRACE_S)]
)
def test_a_parked_action_is_offered_again_and_again_but_not_at_every_sweep(
    user: User, action_type: str, every_s: float
) -> None:
    with rolled_back():
        park(note(user), action_type)
        assert offered(user) == 1
        assert offered(user) == 0
        pass_time(every_s - 1)
        assert offered(user) == 0
        pass_time(2)
        assert offered(user) == 1


def test_what_waits_behind_a_parked_action_or_before_it_is_not_offered_out_of_turn(user: User) -> None:
    with rolled_back():
        before, parked, behind = note(user, "before"), note(user), note(user, "behind")
        park(parked, "count_sheep")
        Action.objects.filter(pk=before.pk).update(published_at=None)
        assert ids_offered() & {before.pk, parked.pk, behind.pk} == {before.pk}
        Action.objects.filter(pk=before.pk).delete()
        assert ids_offered() & {parked.pk, behind.pk} == {parked.pk}


def test_ten_thousand_parked_lanes_keep_nobody_waiting(tell_figure: TellFigure) -> None:
    with rolled_back():
        Action.objects.open().delete()  # what other tests left
        parked = lanes(10_000, prefix="0", status="parked", action_type="count_sheep")
        due = lanes(BATCH + 100, prefix="f", status="queued", action_type="add_user_note")
        began = time.monotonic()
        sweeps = [ids_offered(grace_s=3_600) for _ in range(4)]
        sweep_ms = (time.monotonic() - began) / 4 * 1_000
        tell_figure(f"a sweep over 10,000 parked lanes takes {sweep_ms:.0f} ms")
        assert [len(offers & due) for offers in sweeps] == [BATCH, 100, 0, 0]
        assert [len(offers & parked) for offers in sweeps] == [BATCH // 5] * 4
        assert len(set.union(*sweeps) & parked) == 4 * BATCH // 5, "each had its turn before one has another"


def test_parked_actions_do_not_fill_the_queue_while_no_worker_runs(make_user: MakeUser) -> None:
    actions = [note(make_user()) for _ in range(20)]
    forget_messages()
    for action in actions:
        park(action, "count_sheep")
    CeleryPublisher().publish([ref(actions[0])])  # one that was delivered twice
    relay = Relay()
    try:
        for _ in range(10):
            relay.sweep()
            pass_time(3_600)
        assert sorted(queued(actions)) == sorted([actions[0].pk, *(action.pk for action in actions)])
    finally:
        Action.objects.filter(pk__in=[action.pk for action in actions]).delete()
        forget_messages()


# Migrations


def test_migrations_run_while_the_load_goes_on(
    make_user: MakeUser,
    services: LocalServices,
    migrated_back: None,
    start: StartRole,
    tmp_path: Path,
) -> None:
    version = with_migrations(tmp_path / "version")
    roles = [start(role) for role in ("relay", "worker", "worker")]
    users = [make_user() for _ in range(5)]
    load = Load(users, every_s=0.05)
    with load.running(), ExitStack() as stack, long_transaction(services) as end_it:
        migrate = RoleProcess("migrate", tmp_path / "migrate.log", environment=version.environment)
        stack.callback(migrate.stop)
        wait_until(lambda: migrate.says("trying again"), "the migration steps back", timeout_s=60)
        wait_for_more(users, 30, "the load goes on behind the migration")
        assert not is_applied("9001_column")
        end_it()
        wait_until(lambda: migrate.exit_code is not None, "everything is migrated", timeout_s=90)
        assert migrate.exit_code == 0, migrate.log.read_text()
        assert is_applied("9002_index")
        wait_for_more(users, 30, "the old workers go on")
        roles.append(start("worker", **version.environment))
        wait_for_more(users, 30, "all workers go on")
    assert [role.exit_code for role in roles] == [None] * 4
    for user in users:
        wait_for_lane(user, timeout_s=60)
        assert_actions(user, [("add_user_note", "succeeded")] * len(load.texts[user]))
        assert notes_of(user) == load.texts[user]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_migration_that_was_ended_while_it_built_an_index_is_done_again(
    services: LocalServices, tmp_path: Path, end: signal.Signals
) -> None:
    undo_the_index()
    with psycopg.connect(services.database_url) as session:
        session.execute("LOCK TABLE actions IN ROW EXCLUSIVE MODE")
        migrate = RoleProcess("migrate", tmp_path / "ended.log")
        wait_until(lambda: builds_wait(services) == 1, "the build waits")
        migrate.signal(end)
        wait_until(lambda: migrate.exit_code is not None, "the migration ends")
    wait_until(lambda: builds_wait(services) == 0, "the database is through with it")
    again = RoleProcess("migrate", tmp_path / "again.log")
    wait_until(lambda: again.exit_code is not None, "the migration is done again")
    assert again.exit_code == 0, again.log.read_text()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('action_traced')")
        assert cursor.fetchall() == [(True,)]


def undo_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX action_traced")
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = ('actions', '0002_action_traced')")


def builds_wait(services: LocalServices) -> int:
    """How many sessions are at building an index."""
    with psycopg.connect(services.database_url) as session:
        row = session.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND state = 'active'"
        ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def migrated_back() -> Iterator[None]:
    """The newer version's migrations are undone when the test's roles have ended."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS action_origin")
        cursor.execute("ALTER TABLE actions DROP COLUMN IF EXISTS origin")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'actions' AND name LIKE '9%%'")


@contextmanager
def long_transaction(services: LocalServices) -> Iterator[Callable[[], None]]:
    """Somebody reads the actions in a transaction, as a backup does, until the answer is called."""
    with psycopg.connect(services.database_url) as session:
        session.execute("SELECT count(*) FROM actions")
        yield session.rollback


def wait_for_more(users: list[User], number: int, what: str) -> None:
    """Wait until so many more of the users' actions have ended."""
    ended = Action.objects.filter(user__in=users).ended()
    wanted = ended.count() + number
    wait_until(lambda: ended.count() >= wanted, what)


def is_applied(migration: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM django_migrations WHERE app = 'actions' AND name = %s", [migration])
        return cursor.fetchone() is not None


# What the tests share


def post(web: WebProcess, user: User, action_type: str, **params: str) -> None:
    """A response with this action is accepted by the web process."""
    with web.client_of(user) as client:
        response = {"message": "…", action_type: {"params": params}}
        answer = client.post("users/me/responses", json={"response": response})
    assert answer.status_code == 202, answer.text


def reason(action_type: str, version: int) -> str:
    return f"Waiting for a worker that knows the action {action_type!r}, version {version}."


def is_parked(user: User) -> bool:
    return Action.objects.filter(user=user, status="parked").exists()


def assert_shown_to_its_user(user: User, web: WebProcess) -> None:
    """By a web process that does not know the action either."""
    with web.client_of(user) as client:
        listed = client.get("actions", params={"status": "parked"}).json()["items"]
        with stream(client, after=0) as events:
            shown = [event.data["action"] for event in events.take(4) if event.event == "action"]
    for action in (*listed, *shown):
        assert action["action_type"] == "count_sheep"
        assert action["status"] == "parked"
        assert action["result_summary"] == reason("count_sheep", 1)
    assert (len(listed), len(shown)) == (1, 1)


def assert_shown_to_operators(user: User, staff: User, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["actions", "list", "--status", "parked", "--email", user.email, "--json"])
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["action_type"], listed["result_summary"]) == ("count_sheep", reason("count_sheep", 1))
    browser = Client(headers={"host": "localhost"})
    browser.force_login(staff)
    page = browser.get(reverse("admin:actions_action_changelist"), {"status__exact": "parked"})
    assert "count_sheep" in page.content.decode()
    metrics = browser.get("/metrics").content.decode()
    assert re.search(r'^coach_actions\{status="parked"\} [1-9]', metrics, re.MULTILINE), metrics


def park(action: Action, action_type: str) -> None:
    """As a worker would that does not know the action, its message taken off the queue."""
    Action.objects.filter(pk=action.pk).update(
        action_type=action_type, status="parked", due_at=database_now(), published_at=None
    )


def lanes(number: int, *, prefix: str, status: str, action_type: str) -> set[UUID]:
    """Users with one action each; their ids begin with the prefix, by which lanes are looked through."""
    users = User.objects.bulk_create(
        User(id=UUID(f"{prefix * 8}{index:024x}"), email=f"{prefix}{index}@example.org")
        for index in range(number)
    )
    actions = Action.objects.bulk_create(
        [
            Action(user=user, position=0, action_type=action_type, parameters={}, status=status)
            for user in users
        ],
        batch_size=1_000,
    )
    return {action.pk for action in actions}


def ids_offered(grace_s: float = GRACE_S) -> set[UUID]:
    """What one sweep would send while the queue is empty."""
    refs = Action.objects.take_unpublished(oldest_queued={}, grace_s=grace_s, limit=BATCH)
    return {action.id for action in refs}


def offered(user: User) -> int:
    return len(ids_offered() & set(Action.objects.filter(user=user).values_list("id", flat=True)))


def pass_time(seconds: float) -> None:
    """As if it had passed since the messages were sent."""
    Action.objects.open().update(published_at=F("published_at") - timedelta(seconds=seconds))


def forget_messages() -> None:
    broker().delete(QueueName.ACTIONS.value)
