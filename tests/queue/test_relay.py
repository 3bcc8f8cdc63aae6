"""R1, R3, R7: the relay sends what was lost, alone or beside another, whatever lies in the queue."""

import json
from datetime import datetime
from uuid import uuid4

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import ActionRef, database_now
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.testing.expect import described, told
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.processes import wait_until
from tests.queue.conftest import StartRole, body_of, broker, ended, note, queued, wait_for_lane
from workers.publisher import message_for


def test_lanes_go_on_by_themselves_where_nothing_is_lost(make_user: MakeUser, start: StartRole) -> None:
    users = [make_user() for _ in range(10)]
    for user in users:
        for text in ("one", "two", "three"):
            note(user, text)
    # And no relay, so a hint that Redis was too slow to take stays lost: not every lane need end.
    start("worker")
    wait_until(lambda: sum(ended(user) for user in users) >= 7, "most lanes end")


def test_an_action_whose_message_was_lost_starts_within_five_seconds(user: User, start: StartRole) -> None:
    note(user)
    lose_every_message()
    start("worker")
    start("relay")
    up = database_now()
    assert [a.status for a in wait_for_lane(user)] == ["succeeded"]
    assert_started_in_time(user, since=up)


def test_two_relays_with_a_backlog_have_each_action_applied_once(
    make_user: MakeUser, start: StartRole
) -> None:
    texts = ["one", "two", "three"]
    users = [make_user() for _ in range(20)]
    for user in users:
        for text in texts:
            note(user, text)
    lose_every_message()
    for role in ("relay", "relay", "worker", "worker"):
        start(role)
    for user in users:
        actions = wait_for_lane(user)
        assert [(a.status, a.attempt) for a in actions] == [("succeeded", 1)] * 3, described(user)
        notes = UserNote.objects.filter(user=user).order_by("created_at")
        assert list(notes.values_list("note", flat=True)) == texts
        assert told(user) == ["succeeded"] * 3


def test_garbage_as_the_oldest_message_neither_ends_the_relay_nor_fills_the_queue(
    user: User, start: StartRole
) -> None:
    action = note(user)
    lose_every_message()
    garbage = json.loads(message_for(ActionRef(uuid4(), "add_user_note"))) | {"body": body_of([7])}
    broker().rpush(QueueName.ACTIONS.value, json.dumps(garbage))
    Action.objects.filter(pk=action.pk).update(published_at="2000-01-01T00:00Z")
    relay = start("relay")
    beats: set[datetime | None] = set()

    def has_swept() -> bool:
        beats.add(beat())
        return len(beats) > 3 or relay.exit_code is not None

    wait_until(has_swept, "the relay sweeps three times")
    assert relay.exit_code is None, relay.log.read_text(errors="replace")
    assert queued([action]) == []
    start("worker")
    up = database_now()
    assert [a.status for a in wait_for_lane(user)] == ["succeeded"]
    assert_started_in_time(user, since=up)


def lose_every_message() -> None:
    assert broker().delete(QueueName.ACTIONS.value) == 1, "there was no message to lose"


def beat() -> datetime | None:
    """When the relay last said that it lives."""
    return Heartbeat.objects.filter(role="relay").values_list("beat_at", flat=True).first()
