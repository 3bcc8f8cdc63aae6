"""The actions of replayed scenarios have a queue of their own: nobody real waits behind them."""

import pytest
from django.conf import settings
from redis import Redis

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.processes import RoleProcess
from tests.queue.conftest import StartRole, note, wait_for_lane


@pytest.fixture
def replayed(make_user: MakeUser) -> User:
    """A user whom a test scenario made."""
    return make_user(test_scenario=TestScenario.objects.create(name="Two notes"))


def waiting() -> dict[QueueName, int]:
    broker = Redis.from_url(settings.REDIS_URL)
    return {queue: broker.llen(queue.value) for queue in QueueName}


def replaying_worker(start: StartRole) -> RoleProcess:
    return start("worker --queue replay")


def test_each_message_waits_in_its_users_queue(user: User, replayed: User) -> None:
    before = waiting()
    note(user)
    note(replayed)
    after = waiting()
    assert {queue: after[queue] - before[queue] for queue in QueueName} == dict.fromkeys(QueueName, 1)


def test_a_worker_takes_the_actions_of_its_queue_alone(user: User, replayed: User, start: StartRole) -> None:
    for text in ("one", "two"):
        note(user, text)
        note(replayed, text)
    start("worker")
    wait_for_lane(user)
    assert set(Action.objects.filter(user=replayed).values_list("status", flat=True)) == {"queued"}
    replaying_worker(start)
    assert [action.status for action in wait_for_lane(replayed)] == ["succeeded"] * 2


def test_what_was_lost_is_sent_again_to_its_own_queue(user: User, replayed: User, start: StartRole) -> None:
    note(user)
    note(replayed)
    Redis.from_url(settings.REDIS_URL).delete(*(queue.value for queue in QueueName))
    worker = replaying_worker(start)
    start("relay")
    up = database_now()
    assert [action.status for action in wait_for_lane(replayed)] == ["succeeded"]
    assert_started_in_time(replayed, since=up)
    assert Action.objects.get(user=user).status == "queued"
    assert worker.exit_code is None


def test_a_queue_that_nobody_empties_does_not_keep_what_the_other_lost(
    user: User, replayed: User, start: StartRole
) -> None:
    note(replayed)
    Action.objects.filter(user=replayed).update(published_at="2000-01-01T00:00Z")
    note(user)
    Redis.from_url(settings.REDIS_URL).delete(QueueName.ACTIONS.value)
    start("worker")
    start("relay")
    up = database_now()
    assert [action.status for action in wait_for_lane(user)] == ["succeeded"]
    assert_started_in_time(user, since=up)
