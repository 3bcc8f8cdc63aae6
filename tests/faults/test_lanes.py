"""R5: a lane keeps its order and goes on, whatever is deleted, cancelled, retried or reset in the middle of it."""

import json
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.events.models import Event, EventStream
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import OPEN_STATUSES, ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from server.services.action_handler.models.params import (
    AddUserNoteParams,
    CreateIdentityParams,
    SelectIdentityFocusParams,
    SkipIdentityCategoryParams,
)
from server.services.action_handler.retry import LONGEST_DELAY_S, Transition
from server.services.action_queue.accept import ref
from server.services.action_queue.operate import NotPossible, cancel, retry
from server.services.action_queue.publisher import publisher
from server.services.action_queue.reset import WITHDRAWN
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, assert_told, described, told
from server.testing.perform import accept
from tests.api.locks import waiting
from tests.api.stream import stream
from tests.api.web import WebProcess
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.faults.gates import FAULTS, Gates
from tests.faults.points import WORKER_POINTS
from tests.processes import wait_until
from tests.queue.conftest import note, notes_of, roles, rolled_back, started_together, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

T = TypeVar("T")

WORKERS = 3
BACKLOG = 5_000
FEW = 10
BRAINSTORMING = CoachingPhase.IDENTITY_BRAINSTORMING


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gates]:
    """The gates of three workers, which run with a relay for the whole module; none of them ends."""
    gates = Gates(tmp_path_factory.mktemp("gates"))
    with roles(tmp_path_factory.mktemp("roles")) as start_role:
        worker = partial(start_role, "worker", *FAULTS, **gates.environment)
        crew = started_together(*[worker] * WORKERS, partial(start_role, "relay"))
        yield gates
        assert [role.exit_code for role in crew] == [None] * len(crew)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """A web process for the module."""
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as process:
        yield process


@pytest.fixture
def operator(make_user: MakeUser) -> User:
    return make_user(is_staff=True, is_superuser=True)


@contextmanager
def meanwhile(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Do `work` in a thread, beside the block; it has ended, and well, when the block has."""

    def in_thread() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(in_thread)
        yield future
        future.result()


def wait_until_at_rest(future: Future[Any], *, sessions: int = 1) -> None:
    """Until it is done, or so many sessions wait for a lock."""
    wait_until(lambda: future.done() or waiting() >= sessions, "it is done, or waits")


def notes(user: User, *texts: str) -> list[Action]:
    """Accept them all at once: an action that waits at its gate may hold what accepting another one needs."""
    with transaction.atomic():
        return [note(user, text) for text in texts]


def status_of(user: User, index: int) -> str:
    return str(Action.objects.filter(user=user).order_by("seq").values_list("status", flat=True)[index])


def assert_in_order(actions: Sequence[Action]) -> None:
    """Each began after the one before it had ended."""
    for before, after in pairwise(actions):
        assert before.finished_at is not None
        assert after.started_at is not None
        assert before.finished_at <= after.started_at, described(before.user)


def assert_no_message_is_left() -> None:
    """What remains in the queue is nothing to do."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        wait_until(lambda: redis.llen(QueueName.ACTIONS.value) == 0, "the queue is empty")


# In order, side by side

CATEGORIES = tuple(IdentityCategory)
FOUR = ["create_identity", "select_identity_focus", "skip_identity_category", "add_user_note"]


def four_actions(user: User, number: int = 0) -> None:
    """A response with four actions; `number` tells one response from another."""
    accept(
        user,
        {
            "add_user_note": AddUserNoteParams(note=f"note {number}"),
            "skip_identity_category": SkipIdentityCategoryParams(category=CATEGORIES[-1 - number]),
            "select_identity_focus": SelectIdentityFocusParams(category=CATEGORIES[1 + number]),
            "create_identity": CreateIdentityParams(name=f"Cook {number}", category=CATEGORIES[0], note=""),
        },
        phase=BRAINSTORMING,
    )


def test_actions_of_random_durations_apply_in_order_for_users_side_by_side(
    make_user: MakeUser, gates: Gates
) -> None:
    users = [make_user() for _ in range(6)]
    with gates.resting(0.04):
        for number in range(3):
            for user in users:
                four_actions(user, number)
        lanes = [wait_for_lane(user) for user in users]
    for user, actions in zip(users, lanes, strict=True):
        assert_actions(user, [(name, "succeeded") for name in FOUR * 3])
        assert_in_order(actions)
        assert notes_of(user) == ["note 0", "note 1", "note 2"]
        state = CoachState.objects.get(user=user)
        assert state.identity_focus == CATEGORIES[3]
        assert set(state.skipped_identity_categories) == set(CATEGORIES[-3:])
    assert any(ran_at_once(one, other) for one, other in pairwise(lanes)), "no two lanes ran side by side"


def ran_at_once(one: Sequence[Action], other: Sequence[Action]) -> bool:
    """Whether an action of one lane ran while an action of the other did."""
    return any(
        a.started_at < b.finished_at and b.started_at < a.finished_at  # type: ignore[operator]
        for a in one
        for b in other
    )


def test_a_retrying_action_holds_its_own_lane_and_no_other(make_user: MakeUser, gates: Gates) -> None:
    held, free = make_user(), make_user()
    with gates.failing():
        four_actions(held)
        wait_until(lambda: status_of(held, 1) == "retrying", "the second action is retrying")
        note(free)
        wait_for_lane(free)
        assert_started_in_time(free)
        assert Action.objects.get(user=free).attempt == 1
        assert status_of(held, 2) == status_of(held, 3) == "queued"
    actions = wait_for_lane(held)
    assert_actions(free, [("add_user_note", "succeeded")])
    assert_actions(held, [(name, "succeeded") for name in FOUR])
    assert_in_order(actions)
    assert_started_in_time(held)
    assert actions[1].attempt > 1


def test_a_dead_action_lets_its_lane_go_on(user: User, gates: Gates) -> None:
    with gates.failing():
        four_actions(user)
        Action.objects.filter(user=user, action_type="select_identity_focus").update(max_attempts=2)
        actions = wait_for_lane(user)
    assert_actions(user, [(name, "dead" if "focus" in name else "succeeded") for name in FOUR])
    assert_in_order(actions)
    assert told(user) == ["succeeded", "retrying", "dead", "succeeded", "succeeded"]
    assert_started_in_time(user)
    assert CoachState.objects.get(user=user).identity_focus == CATEGORIES[0]


# Deleted in the middle

OF_A_USER: tuple[type[Model], ...] = (Action, ChatMessage, CoachState, Event, EventStream, Identity, UserNote)


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_user_deleted_in_the_admin_at_any_moment_leaves_nothing_behind(
    make_user: MakeUser, operator: User, gates: Gates, point: CrashPoint
) -> None:
    user, neighbour = make_user(), make_user()
    with gates.closed(point) as gate:
        notes(user, "one", "two", "three")
        wait_until(gate.is_taken, f"an action is at {point}")
        with meanwhile(lambda: delete_in_admin(operator, user)) as deleting:
            wait_until_at_rest(deleting)
            note(neighbour)
            wait_for_lane(neighbour)
            gate.open()
    assert_actions(neighbour, [("add_user_note", "succeeded")])
    assert_started_in_time(neighbour)
    assert_gone(user)


def delete_in_admin(operator: User, user: User) -> None:
    """Answer yes to the page that asks whether one is sure."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(operator)
    answer = browser.post(reverse("admin:users_user_delete", args=[user.id]), {"post": "yes"})
    assert answer.status_code == 302, answer.content.decode()


def assert_gone(user: User) -> None:
    assert not User.objects.filter(id=user.id).exists()
    left = [model.__name__ for model in OF_A_USER if model._default_manager.filter(user_id=user.id).exists()]
    assert left == []
    assert_no_message_is_left()


def test_users_deleted_together_while_they_work_and_write_leave_nothing_behind(
    make_user: MakeUser, gates: Gates
) -> None:
    doomed, kept = [make_user() for _ in range(5)], make_user()
    are_deleted = threading.Event()

    def write() -> None:
        """Until there is nobody to write for."""
        with suppress(EventStream.DoesNotExist, Error):
            while not are_deleted.is_set():
                for user in doomed:
                    note(user)

    with gates.resting(0.01):
        for number in range(8):
            for user in (*doomed, kept):
                note(user, str(number))
        with meanwhile(write):
            try:
                User.objects.filter(id__in=[user.id for user in doomed]).delete()
            finally:
                are_deleted.set()
        wait_for_lane(kept)
    assert_actions(kept, [("add_user_note", "succeeded")] * 8)
    assert notes_of(kept) == [str(number) for number in range(8)]
    for user in doomed:
        assert_gone(user)


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_an_action_deleted_at_any_moment_of_its_attempt_lets_its_lane_go_on(
    user: User, gates: Gates, point: CrashPoint
) -> None:
    with gates.closed(point) as gate:
        first, *_ = notes(user, "one", "two", "three")
        wait_until(gate.is_taken, f"an action is at {point}")
        with meanwhile(first.delete) as deleting:
            wait_until_at_rest(deleting)
            gate.open()
    deleted_at = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert_started_in_time(user, since=deleted_at)
    # A deletion waits for a commit that has begun, so what the action did stays.
    was_applied = point in {CrashPoint.BEFORE_COMMIT, CrashPoint.AFTER_COMMIT, CrashPoint.AFTER_PUBLISH}
    assert notes_of(user) == ["one", "two", "three"][0 if was_applied else 1 :]
    assert_no_message_is_left()


def test_a_waiting_action_deleted_from_the_head_or_the_middle_lets_its_lane_go_on(
    user: User, gates: Gates
) -> None:
    with gates.closed(CrashPoint.BEFORE_CLAIM) as gate:
        head, _, middle, _ = notes(user, "one", "two", "three", "four")
        wait_until(gate.is_taken, "the first one's message is taken")
        head.delete()
        middle.delete()
    deleted_at = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert_started_in_time(user, since=deleted_at)
    assert notes_of(user) == ["two", "four"]


def test_a_retrying_action_that_is_deleted_lets_its_lane_go_on(user: User, gates: Gates) -> None:
    with gates.failing():
        four_actions(user)
        wait_until(lambda: status_of(user, 1) == "retrying", "the second action is retrying")
        Action.objects.filter(user=user, status="retrying").delete()
        deleted_at = database_now()
        actions = wait_for_lane(user)
    assert_actions(user, [(name, "succeeded") for name in FOUR if "focus" not in name])
    assert_started_in_time(user, since=deleted_at)
    assert_in_order(actions)


def test_a_parked_action_that_is_deleted_lets_its_lane_go_on(user: User, gates: Gates) -> None:
    unknown = Action.objects.create(user=user, action_type="of_tomorrow", position=0, parameters={})
    note(user)
    wait_until(lambda: status_of(user, 0) == "parked", "the unknown action is parked")
    assert status_of(user, 1) == "queued"
    unknown.delete()
    deleted_at = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert_started_in_time(user, since=deleted_at)


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_message_deleted_at_any_moment_of_its_actions_attempt_does_not_hold_the_lane(
    user: User, gates: Gates, point: CrashPoint
) -> None:
    with gates.closed(point) as gate:
        first, second = notes(user, "one", "two")
        wait_until(gate.is_taken, f"an action is at {point}")
        with meanwhile(lambda: delete_messages(first, second)) as deleting:
            wait_until_at_rest(deleting)
            gate.open()
    deleted_at = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert_started_in_time(user, since=deleted_at)
    assert notes_of(user) == ["one", "two"]
    assert not ChatMessage.objects.filter(user=user).exists()


def delete_messages(*actions: Action) -> None:
    """Again where a note was made from one in this very moment: then the database keeps the message."""
    for action in actions:
        assert action.coach_message_id is not None
        message = ChatMessage.objects.filter(id=action.coach_message_id)
        with suppress(IntegrityError):
            message.delete()
        message.delete()


# Operators in the middle


def test_what_an_operator_cancels_in_the_middle_is_passed_over(user: User, gates: Gates) -> None:
    with gates.closed(CrashPoint.IN_HANDLER) as gate:
        running, second, _, last = notes(user, "one", "two", "three", "four")
        wait_until(gate.is_taken, "the first action runs")
        cancel(second, operator="the test")
        cancel(last, operator="the test")
        running.refresh_from_db()
        with pytest.raises(NotPossible, match="is running"):
            cancel(running, operator="the test")
    cancelled_at = database_now()
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", status) for status in ("succeeded", "cancelled") * 2])
    assert_started_in_time(user, since=cancelled_at)
    assert notes_of(user) == ["one", "three"]


def test_a_retrying_action_that_is_cancelled_lets_its_lane_go_on(user: User, gates: Gates) -> None:
    with gates.failing():
        four_actions(user)
        wait_until(lambda: status_of(user, 1) == "retrying", "the second action is retrying")
        cancel(Action.objects.get(user=user, status="retrying"), operator="the test")
        wait_for_lane(user)
    assert_actions(user, [(name, "cancelled" if "focus" in name else "succeeded") for name in FOUR])
    assert_started_in_time(user)


def test_what_an_operator_retries_in_the_middle_runs_next_in_its_old_place(user: User, gates: Gates) -> None:
    with gates.closed(CrashPoint.IN_HANDLER) as gate:
        first = note(user, "one")
        wait_until(gate.is_taken, "the first action runs")
        second = note(user, "two")
        cancel(second, operator="the test")
        note(user, "three")
        gate.open()
        wait_for_lane(user)
    with gates.closed(CrashPoint.IN_HANDLER) as gate:
        last = note(user, "four")
        wait_until(gate.is_taken, "the last action runs")
        note(user, "five")
        second.refresh_from_db()
        retry(second, operator="the test")
    actions = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")] * 5)
    assert notes_of(user) == ["one", "three", "four", "two", "five"]
    by_start = sorted(actions, key=lambda action: action.started_at)  # type: ignore[arg-type,return-value]
    assert_in_order(by_start)
    assert (by_start[0], by_start[2]) == (first, last)


def test_an_action_that_ends_and_an_operator_who_cancels_the_next_do_not_wait_for_each_other(
    user: User, gates: Gates, services: LocalServices
) -> None:
    """The one holds the stream and wants the next action's row, the other has that row and wants the stream."""
    with gates.closed(CrashPoint.BEFORE_CLAIM) as gate, psycopg.connect(services.database_url) as blocker:
        _, second, _ = notes(user, "one", "two", "three")
        wait_until(gate.is_taken, "the first one's message is taken")
        blocker.execute("SELECT FROM event_streams WHERE user_id = %s FOR UPDATE", [user.id])
        gate.open()
        wait_until(lambda: waiting() == 1, "the first action ends, but for the stream")
        with meanwhile(lambda: cancel(second, operator="the test")):
            wait_until(lambda: waiting() == 2, "the operator waits for the stream too")
            blocker.rollback()
    cancelled_at = database_now()
    actions = wait_for_lane(user)
    assert_actions(user, [("add_user_note", status) for status in ("succeeded", "cancelled", "succeeded")])
    assert_started_in_time(user, since=cancelled_at)
    assert [action.attempt for action in actions] == [1, 0, 1]
    assert notes_of(user) == ["one", "three"]


def test_operators_at_work_on_a_busy_lane_are_refused_at_worst(user: User, gates: Gates) -> None:
    """Whatever they and the workers lock, in whatever order: every action ends once each time that it is begun."""
    random.seed(5)

    def operate() -> None:
        for _ in range(25):
            action = random.choice(Action.objects.filter(user=user))
            with suppress(NotPossible):
                (cancel if action.status in OPEN_STATUSES else retry)(action, operator="the test")

    with gates.resting(0.01):
        notes(user, *map(str, range(20)))
        with meanwhile(operate), meanwhile(operate), meanwhile(operate):
            pass
        actions = wait_for_lane(user)
    assert {action.status for action in actions} <= {"succeeded", "skipped", "cancelled"}, described(user)
    assert_told(user)
    assert len(notes_of(user)) == told(user).count("succeeded")


# A long lane

Statement = tuple[str, Any]


@pytest.fixture
def long_lane(user: User) -> Iterator[User]:
    """A user with 5,000 actions, which wait for `begin`.

    As after a quiet night: the table's statistics were taken while none of them was open.
    """
    message = ChatMessage.objects.create(user=user, role="coach", content="…", phase=BRAINSTORMING)
    actions = (
        Action(
            user=user,
            coach_message=message,
            position=number,
            action_type="add_user_note",
            parameters={"note": str(number)},
            status="cancelled",
            finished_at=timezone.now(),
        )
        for number in range(BACKLOG)
    )
    head, *_ = Action.objects.bulk_create(actions, batch_size=1_000)
    analyze()
    with transaction.atomic():
        Action.objects.filter(user=user).update(status="queued", finished_at=None)
        Action.objects.filter(id=head.id).update(
            status="retrying", due_at=Now() + timedelta(seconds=LONGEST_DELAY_S)
        )
    yield user
    user.delete()


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE actions")


def begin(long_lane: User) -> None:
    """The relay finds the first action, and the lane is under way."""
    Action.objects.filter(user=long_lane, status="retrying").update(status="queued", due_at=Now())
    actions = Action.objects.filter(user=long_lane)
    wait_until(actions.filter(status="succeeded").exists, "the long lane is under way")


@pytest.mark.parametrize("statistics", ["of before", "of now"])
def test_to_accept_claim_and_finish_in_a_long_lane_looks_at_a_few_rows(
    make_user: MakeUser, long_lane: User, statistics: str
) -> None:
    if statistics == "of now":
        analyze()
    statements: list[Statement] = []
    with rolled_back():
        Action.objects.filter(user=long_lane, status="retrying").update(status="queued", due_at=Now())
        with connection.execute_wrapper(partial(keep, statements)):
            note(long_lane)
            head = Action.objects.filter(user=long_lane).open().order_by("seq")[0]
            claimed = Action.objects.claim(head.id, lease_s=35)
            assert claimed is not None
            done = Transition(status=ActionStatus.SUCCEEDED)
            moved = Action.objects.finish(claimed, done)
            assert moved is not None
            assert moved.due is not None
    with rolled_back():
        nodes = [node for statement in statements for node in plan_of(statement)]
    assert [node for node in nodes if node["Node Type"] == "Sort" or rows_seen(node) > FEW] == []


def keep(statements: list[Statement], execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
    if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT")):
        statements.append((sql, params))
    return execute(sql, params, *rest)


def plan_of(statement: Statement) -> list[dict[str, Any]]:
    """Every node of the plan by which the statement was done, with what it came to."""
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
    plans = answer if isinstance(answer, list) else json.loads(answer)
    return list(nodes_under(plans[0]["Plan"]))


def nodes_under(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {name: value for name, value in node.items() if name != "Plans"}
    for below in node.get("Plans", ()):
        yield from nodes_under(below)


def rows_seen(node: dict[str, Any]) -> float:
    """How many rows of the actions a node has looked at."""
    if node.get("Relation Name") != "actions" and "action_" not in node.get("Index Name", ""):
        return 0
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return float(each * node["Actual Loops"])


def test_a_long_lane_has_one_action_started_before_anothers_single_one(
    make_user: MakeUser, gates: Gates, long_lane: User
) -> None:
    """By the one worker that is left.

    A lane has one message in the queue at most, and whoever ends an action puts the lane's next behind all that wait:
    so it is one, whatever the length of the lane.
    """
    with (
        gates.closed(CrashPoint.AFTER_CLAIM) as first,
        gates.closed(CrashPoint.IN_HANDLER) as second,
    ):
        note(make_user())
        note(make_user())
        wait_until(lambda: first.is_taken() and second.is_taken(), "two workers are kept from work")
        begin(long_lane)
        started = [started_before(long_lane, make_user()) for _ in range(10)]
    assert max(started) <= 1, started


def test_a_long_lane_delays_nobody_where_there_are_several_workers(
    make_user: MakeUser, gates: Gates, long_lane: User
) -> None:
    """Between taking the message and claiming the action a worker may be slow, and others go on: so it is a few."""
    with gates.resting(0.1):
        begin(long_lane)
        started = [started_before(long_lane, make_user()) for _ in range(10)]
    assert max(started) <= WORKERS + 1, started


def started_before(long_lane: User, user: User) -> int:
    """How many of the long lane's actions began between the sending of the user's single action and its start."""
    note(user)
    sent_at = database_now()
    (action,) = wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    return Action.objects.filter(
        user=long_lane, started_at__gt=sent_at, started_at__lt=action.started_at
    ).count()


# The chat is reset


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_nothing_of_the_old_chat_applies_after_a_reset_at_any_moment(
    user: User, gates: Gates, web: WebProcess, point: CrashPoint
) -> None:
    with web.client_of(user) as client, stream(client) as events:
        events.next()
        with gates.closed(point) as gate:
            old = notes(user, "old one", "old two", "old three")
            wait_until(gate.is_taken, f"an action is at {point}")
            with meanwhile(lambda: client.post("chat/reset")) as resetting:
                wait_until_at_rest(resetting)
                gate.open()
        assert resetting.result().status_code == 204
        publisher().publish([ref(action) for action in old])  # what others had sent of it comes late
        reset_at = database_now()
        new = note(user, "new")
        actions = wait_for_lane(user)
        seen = events.until(EventStream.objects.get(user=user).last_cursor)
    cancelled = [action for action in actions[:3] if action.status != "succeeded"]
    assert {(action.status, action.result_summary) for action in cancelled} <= {("cancelled", WITHDRAWN)}
    assert (actions[3].id, actions[3].status) == (new.id, "succeeded")
    assert_started_in_time(user, since=reset_at)
    assert notes_of(user) == ["new"]
    assert_no_message_is_left()
    # The client reloads once, and is told then of the new chat alone: of what had not happened when it was told to.
    names = [event.event for event in seen]
    assert names.count("reset") == 1
    after = seen[names.index("reset") + 1 :]
    after_names = [event.event for event in after]
    in_full = ["message", "action", "coach_state"]
    # It may all have happened before the client was told to reload: then it is told of nothing more.
    assert after_names in [in_full[n:] for n in range(4)], names
    assert all(event.data["action"]["id"] == str(new.id) for event in after if event.event == "action")
    numbers = [event.id for event in seen[names.index("reset") :]]
    assert numbers == sorted(numbers, key=lambda number: number or 0)


def test_nothing_of_the_old_chat_applies_after_a_reset_while_it_was_retrying(
    user: User, gates: Gates, web: WebProcess
) -> None:
    with gates.failing(), web.client_of(user) as client:
        four_actions(user)
        wait_until(lambda: status_of(user, 1) == "retrying", "the second action is retrying")
        due_at = Action.objects.get(user=user, status="retrying").due_at
        assert client.post("chat/reset").status_code == 204
    wait_until(lambda: database_now() > due_at, "the retry would be due")
    note(user, "new")
    actions = wait_for_lane(user)
    assert_started_in_time(user)
    assert [action.status for action in actions] == ["succeeded", *["cancelled"] * 3, "succeeded"]
    assert notes_of(user) == ["new"]
    assert CoachState.objects.get(user=user).identity_focus == CATEGORIES[0]


@pytest.mark.parametrize("is_first", ["reset", "retry"])
def test_an_operator_cannot_bring_back_what_was_reset_in_the_same_moment(
    user: User, gates: Gates, web: WebProcess, services: LocalServices, is_first: str
) -> None:
    """Each of the two writes the stream and the old action's row."""
    old = note(user, "old")
    wait_for_lane(user)
    old.refresh_from_db()
    with web.client_of(user) as client, psycopg.connect(services.database_url) as blocker:
        blocker.execute("SELECT FROM event_streams WHERE user_id = %s FOR UPDATE", [user.id])
        deeds = {"reset": lambda: client.post("chat/reset").status_code, "retry": lambda: retried(old)}
        first, second = sorted(deeds, key=lambda name: name != is_first)
        with meanwhile(deeds[first]) as one:
            wait_until(lambda: waiting() == 1, f"the {first} waits for the stream")
            with meanwhile(deeds[second]) as other:
                wait_until(lambda: waiting() == 2, f"so does the {second}")
                blocker.rollback()
    answers = {first: one.result(), second: other.result()}
    assert answers == {"reset": 204, "retry": is_first == "retry"}
    wait_for_lane(user)
    old.refresh_from_db()
    assert (old.status, notes_of(user)) == ("cancelled" if is_first == "retry" else "succeeded", [])
    assert not retried(old)


def retried(action: Action) -> bool:
    """Whether an operator could have it retried."""
    with suppress(NotPossible):
        retry(action, operator="the test")
        return True
    return False


def test_resets_operators_and_programs_at_once_answer_as_they_should(
    user: User, operator: User, gates: Gates, web: WebProcess
) -> None:
    """In the end there is what the actions of the last chat have done, and nothing else."""
    random.seed(6)
    with web.client_of(user) as own, web.client_of(operator) as theirs, gates.resting(0.01):

        def post() -> set[int]:
            bodies = [
                {"response": {"message": "…", "add_user_note": {"params": {"note": f"note {number}"}}}}
                for number in range(25)
            ]
            return {own.post("users/me/responses", json=body).status_code for body in bodies}

        def reset() -> set[int]:
            return {own.post("chat/reset").status_code for _ in range(12)}

        def operate() -> set[int]:
            return {answer for _ in range(25) if (answer := operate_once(theirs, user))}

        with meanwhile(post) as posting, meanwhile(reset) as resetting, meanwhile(operate) as operating:
            pass
        actions = wait_for_lane(user)
    assert posting.result() == {202}
    assert resetting.result() == {204}
    assert operating.result() <= {200, 409}
    # What was retried when it had succeeded finds its own note, and is skipped.
    done = {"succeeded", "skipped"}
    kept = [action.id for action in actions if action.coach_message_id and action.status in done]
    assert len(notes_of(user)) == len(kept), described(user)


def operate_once(client: httpx.Client, user: User) -> int | None:
    """Do what may be done to one of the user's actions; the answer's status."""
    action = Action.objects.filter(user=user).order_by("?").first()
    if action is None:
        return None
    verb = "cancel" if action.status in OPEN_STATUSES else "retry"
    return client.post(f"admin/actions/{action.id}/{verb}").status_code
