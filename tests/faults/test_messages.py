"""R3, R8: messages doubled, late, for nothing, or not understood: one effect, one line in the log, no dead worker."""

import json
import signal
import zlib
from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from server.apps.actions.models import Action
from server.apps.actions.queries import ActionRef
from server.apps.events.models import Event
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.services.action_queue.accept import ref
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described
from server.testing.faults import Fault
from tests.conftest import MakeUser
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import Hold, StartRole, body_of, broker, is_running, note, notes_of, wait_for_lane
from workers.celery_app import app
from workers.publisher import message_for
from workers.relay import Relay

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

LONG = "x" * 10_000_000
THROWN_AWAY = "threw a message away"
LOG_LIMIT = 40_000
"""Bytes that the log of a worker may have grown to, whatever it was sent."""


def test_every_message_doubled_and_delivered_at_once_has_one_effect(
    make_user: MakeUser, start: StartRole
) -> None:
    doubling = Fault(point=CrashPoint.BEFORE_CLAIM, do="tests.faults.doubling:send_everything_three_times")
    for _ in range(3):
        start("worker", doubling)
    users = [make_user() for _ in range(8)]
    texts = ["one", "two", "three", "four"]
    for text in texts:
        for user in users:
            message = message_for(ref(note(user, text)))
            deliver(message, message, message)
    for user in users:
        actions = wait_for_lane(user)
        assert [action.attempt for action in actions] == [1] * 4, described(user)
        assert_actions(user, [("add_user_note", "succeeded")] * 4)
        assert notes_of(user) == texts


def test_garbage_is_thrown_away_with_one_line_each_and_what_is_behind_it_is_applied(
    user: User, start: StartRole
) -> None:
    worker = start("worker")  # and no relay: what is behind the garbage is applied by its own message
    for name, message in garbage().items():
        before = worker.log.read_text(errors="replace")
        deliver(message)
        note(user, name)
        wait_for_lane(user, timeout_s=20)
        assert worker.exit_code is None, name
        said = worker.log.read_text(errors="replace")[len(before) :]
        assert said.count(THROWN_AWAY) == 1, f"{name}: {said[:2000]}"
        assert len(said.splitlines()) == 1, f"{name}: {said[:2000]}"
    assert worker.log.stat().st_size < LOG_LIMIT
    assert_actions(user, [("add_user_note", "succeeded")] * len(garbage()))
    assert notes_of(user) == list(garbage())
    worker.signal(signal.SIGTERM)
    wait_until(
        lambda: worker.exit_code is not None, "the worker goes, and waits for no garbage", timeout_s=15
    )
    assert worker.exit_code == 0


def test_no_garbage_as_the_oldest_message_ends_a_relays_sweep() -> None:
    for name, message in garbage().items():
        deliver(message)
        try:
            Relay().sweep()
        except Exception as error:
            raise AssertionError(name) from error
        finally:
            broker().delete(QueueName.ACTIONS.value)


def test_a_message_doubled_while_its_action_runs_does_not_run_it_again(
    user: User, workers: list[RoleProcess], busy: Hold
) -> None:
    with busy(user):
        action = note(user)
        wait_until(lambda: is_running(user), "the action runs")
        deliver(*[message_for(ref(action))] * 30)
        wait_until(
            lambda: broker().llen(QueueName.ACTIONS.value) == 0, "the other worker has taken every message"
        )
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert notes_of(user) == ["likes gardens"]
    assert Action.objects.get(user=user).attempt == 1


def test_a_message_that_comes_after_its_action_ended_changes_nothing(
    user: User, workers: list[RoleProcess]
) -> None:
    actions = [note(user, text) for text in ("one", "two")]
    wait_for_lane(user)
    before = rows_of(user)
    deliver(*[message_for(ref(action)) for action in actions] * 5)
    wait_until_taken()
    assert rows_of(user) == before
    assert_actions(user, [("add_user_note", "succeeded")] * 2)
    assert notes_of(user) == ["one", "two"]


def test_a_message_for_a_row_that_is_gone_is_nothing_to_do(
    user: User, make_user: MakeUser, workers: list[RoleProcess]
) -> None:
    leaver = make_user()
    gone = note(leaver)
    wait_for_lane(leaver)
    message = message_for(ref(gone))
    leaver.delete()
    deliver(message, message_for(ActionRef(uuid4(), "add_user_note")))
    note(user)
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    assert not Action.objects.filter(pk=gone.pk).exists()
    assert all(worker.exit_code is None for worker in workers)


@pytest.mark.parametrize("message", ["not json", "7", "{}", '{"body": null}', "[" * 100_000])
def test_garbage_among_the_remote_commands_ends_no_worker(
    user: User, workers: list[RoleProcess], message: str
) -> None:
    assert broker().publish("/0.celery.pidbox", message) == 2, "both workers hear it"
    note(user)
    wait_for_lane(user)
    assert_actions(user, [("add_user_note", "succeeded")])
    wait_until(lambda: len(app.control.ping(timeout=0.5) or []) == 2, "both workers answer")
    assert all(worker.exit_code is None for worker in workers)


def garbage() -> dict[str, str | bytes]:
    """Messages that name no action, each by what is wrong with it."""
    good = json.loads(message_for(ActionRef(uuid4(), "add_user_note")))
    headers, properties = good["headers"], good["properties"]
    a_task = partial(changed, good)
    an_id = [str(uuid4())]
    packed = b64encode(zlib.compress(json.dumps([an_id, {}, {}]).encode()))
    return {
        "nothing": "",
        "not JSON": "not json",
        "not text": b"\xff\xfe\x00\x80",
        "a number": "7",
        "null": "null",
        "a list": "[]",
        "an empty object": "{}",
        "a list in a list in a list": "[" * 100_000,
        "a decimal that is none": '{"__type__": "decimal", "__value__": "x"}',
        "ten megabytes": LONG,
        "ten megabytes of JSON": json.dumps([LONG]),
        "a body of ten megabytes": a_task(body=b64encode(LONG.encode()).decode()),
        "an argument of ten megabytes": a_task(body=body_of([LONG])),
        "a header of ten megabytes": a_task(headers=headers | {"argsrepr": LONG}),
        "no headers": a_task(headers=None),
        "headers in a list": a_task(headers=["task", "actions.apply"]),
        "no task": a_task(headers={}),
        "an unknown task": a_task(headers=headers | {"task": "nobody.knows"}),
        "an unknown task without an id": a_task(headers={"task": "nobody.knows"}),
        "a task of Celery's own": a_task(headers=headers | {"task": "celery.backend_cleanup"}),
        "no properties": a_task(properties=None),
        "no delivery tag": a_task(properties=properties | {"delivery_tag": None}, body="e30="),
        "no body": a_task(body=None),
        "a number for a body": a_task(body=7),
        "a body that is not base64": a_task(body="%%%"),
        "a body that is not JSON": a_task(body=b64encode(b"not json").decode()),
        "a body that is not text": a_task(body=b64encode(b"\xff\xfe\x00\x80").decode()),
        "a body in another encoding": a_task(properties=properties | {"body_encoding": "rot13"}),
        "a body that is pickled": a_task(**{"content-type": "application/x-python-serialize"}),
        "a body of another type": a_task(**{"content-type": "text/plain"}),
        "a body that is compressed": a_task(
            body=packed.decode(),
            headers=headers | {"compression": "application/x-gzip"},
            **{"content-type": "x"},
        ),
        "a body that says it is compressed": a_task(headers=headers | {"compression": "application/x-gzip"}),
        "a body of an unknown compression": a_task(headers=headers | {"compression": "tight"}),
        "no argument": a_task(body=body_of([])),
        "three arguments": a_task(body=body_of([1, 2, 3])),
        "a number for an id": a_task(body=body_of([7])),
        "null for an id": a_task(body=body_of([None])),
        "a list for an id": a_task(body=body_of([an_id])),
        "an id that is none": a_task(body=body_of(["not-a-uuid"])),
        "arguments that are no list": a_task(body=encoded([7, {}, {}])),
        "an argument with a name": a_task(body=encoded([an_id, {"force": True}, {}])),
        "a task to be sent afterwards": a_task(body=encoded([an_id, {}, {"callbacks": [{"task": "x"}]}])),
        "a tag that is a list": a_task(properties=properties | {"delivery_tag": [1]}),
        "a tag that is an object": a_task(properties=properties | {"delivery_tag": {"a": 1}}),
        "a time to come": a_task(headers=headers | {"eta": "2999-01-01T00:00:00+00:00"}),
        "a time that is over": a_task(headers=headers | {"expires": "2000-01-01T00:00:00+00:00"}),
        "a time that is none": a_task(headers=headers | {"expires": "whenever"}),
    }


def changed(message: dict[str, Any], **fields: Any) -> str:
    return json.dumps(message | fields)


def encoded(body: Sequence[object]) -> str:
    return b64encode(json.dumps(body).encode()).decode()


def deliver(*messages: str | bytes) -> None:
    """Put these into the queue, in this order, all at once."""
    broker().lpush(QueueName.ACTIONS.value, *messages)


def wait_until_taken() -> None:
    """Wait until the workers have dealt with all messages: each of the two takes the messages one by one."""
    wait_until(lambda: broker().llen(QueueName.ACTIONS.value) == 0, "the workers have taken every message")
    wait_until(
        lambda: len(app.control.ping(timeout=0.5) or []) == 2, "both workers answer between two messages"
    )


def rows_of(user: User) -> list[object]:
    """Everything that is stored of the user's actions and events."""
    return [list(model.objects.filter(user=user).order_by("pk").values()) for model in (Action, Event)]
