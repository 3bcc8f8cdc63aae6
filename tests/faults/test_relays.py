"""R1, R3, R7: the relay is killed, stopped, or runs twice, while messages get lost: nothing is lost or doubled."""

import signal
from datetime import datetime, timedelta
from functools import partial

import psycopg
import pytest
from django.test import Client

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions
from server.testing.faults import Fault, InjectedFault, inject
from tests.conftest import MakeUser
from tests.faults.bounds import assert_started_in_time
from tests.faults.load import Load, Texts
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import StartRole, attempts_of, broker, note, notes_of, sent_by, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

FEW = 10
"""Messages that may be sent in vain: where a worker has taken one and does not claim its action for two seconds."""


def test_a_relay_killed_again_and_again_under_load_loses_and_doubles_nothing(
    make_user: MakeUser, start: StartRole
) -> None:
    start("worker")
    with LossyLoad([make_user() for _ in range(10)], every_s=0.1).running() as load:
        for _ in range(3):
            relay = start("relay")
            wait_until(partial(has_sent, relay, 3), "the relay sends what was lost")
            relay.kill()
    start("relay")
    assert_applied_once(load.texts, since=database_now())


def test_two_relays_send_what_was_lost_once(make_user: MakeUser, start: StartRole) -> None:
    texts = {make_user(): ["one", "two"] for _ in range(30)}
    for user, notes in texts.items():
        for text in notes:
            note(user, text)
    assert lose_every_message() == len(texts)
    # All at once: of messages that were sent one after the other, the first to be missed keeps the others waiting for a
    # worker that takes it.
    sent = Action.objects.filter(user__in=list(texts), published_at__isnull=False)
    sent.update(published_at=database_now() - timedelta(minutes=1))
    relays = [start("relay"), start("relay")]
    wait_until(lambda: waiting() >= len(texts), "everything is sent again")
    wait_for_sweeps(6)
    assert waiting() == len(texts), "nothing is sent twice, however long no worker runs"

    start("worker")
    start("worker")
    since = database_now()
    with LossyLoad([make_user() for _ in range(10)], every_s=0.02).running() as load:
        wait_until(lambda: load.accepted >= 100, "the load is through", timeout_s=90)
    assert_applied_once(texts)
    assert_applied_once(load.texts, since=since)
    assert sent_by(*relays) <= len(texts) + load.lost + FEW


def test_a_relay_that_stands_still_is_noticed_replaced_and_does_no_harm_when_it_goes_on(
    make_user: MakeUser, start: StartRole
) -> None:
    # It stops at the worst moment: its rows are marked as sent, and are not. How long it then stands still changes
    # nothing but the age of its heartbeat, which is noticed after ten seconds.
    users = [make_user() for _ in range(10)]
    worker = start("worker")
    still = start("relay", Fault(point=CrashPoint.RELAY_BEFORE_PUBLISH, do="stop"))
    for user in users:
        assert note_never_sent(user, "before")
    wait_until(lambda: still.is_stopped, "the relay stands still")
    wait_until(lambda: missing() == "Missing: relay heartbeat.", "it is noticed that no relay runs")

    second = start("relay")
    assert_applied_once({user: ["before"] for user in users}, since=database_now())
    assert missing() == ""

    worker.stop()
    still.signal(signal.SIGCONT)
    wait_until(lambda: waiting() > 0, "the relay goes on, and sends what has been applied")
    second.kill()
    start("worker")
    alone_since = database_now()
    for user in users:
        assert note_never_sent(user, "after")
    assert_applied_once({user: ["before", "after"] for user in users}, since=alone_since)
    assert still.exit_code is None


def test_a_user_whose_rows_are_held_keeps_the_relay_from_nobody_else(
    make_user: MakeUser, start: StartRole, services: LocalServices
) -> None:
    held, other = make_user(), make_user()
    doomed = start("worker", Fault(point=CrashPoint.IN_HANDLER))
    note(held)
    wait_until(lambda: doomed.exit_code is not None, "a worker dies")
    start("worker")
    with psycopg.connect(services.database_url) as session:
        session.execute("SELECT FROM event_streams WHERE user_id = %s FOR UPDATE", [held.id])
        relay = start("relay")
        wait_until(lambda: relay.says("could not be given up"), "the relay comes upon what is held")
        assert note_never_sent(other, "x")
        assert_applied_once({other: ["x"]}, since=database_now())
    (_,) = wait_for_lane(held)
    assert attempts_of(held) == [2]


class LossyLoad(Load):
    """Now and then every message that waits is lost; `lost` counts them."""

    lost = 0

    def accept(self, user: User, text: str) -> None:
        if self.accepted % 5 == 0:
            self.lost += note_never_sent(user, text) + lose_every_message()
        else:
            super().accept(user, text)


def note_never_sent(user: User, text: str) -> bool:
    """Accept one action as a web process does that ends before it can send the message.

    Whether there was one to send: there is none where the user's lane is busy.
    """
    try:
        with inject(Fault(point=CrashPoint.AFTER_ACCEPT_COMMIT, do="raise")):
            note(user, text)
    except InjectedFault:
        return True
    return False


def assert_applied_once(texts: Texts, *, since: datetime | None = None) -> None:
    """Every user has these notes, by as many actions, each in time where `since` is given (see `bounds`)."""
    for user, expected in texts.items():
        wait_for_lane(user, timeout_s=60)
        assert_actions(user, [("add_user_note", "succeeded")] * len(expected))
        assert notes_of(user) == expected
        if since is not None:
            assert_started_in_time(user, since=since)


def has_sent(relay: RoleProcess, number: int) -> bool:
    return sent_by(relay) >= number


def missing() -> str:
    """What `/readyz` says is missing; nothing where it is ready."""
    answer = Client(SERVER_NAME="localhost").get("/readyz")
    return "" if answer.status_code == 200 else str(answer.json()["detail"])


def wait_for_sweeps(number: int) -> None:
    """Wait until the relays have begun so many sweeps."""
    beats: set[datetime] = set()

    def has_swept() -> bool:
        beats.update(Heartbeat.objects.filter(role="relay").values_list("beat_at", flat=True))
        return len(beats) > number

    wait_until(has_swept, f"{number} sweeps")


def waiting() -> int:
    """How many messages wait."""
    return int(broker().llen(QueueName.ACTIONS.value))


def lose_every_message() -> int:
    """How many there were."""
    with broker().pipeline() as together:
        together.llen(QueueName.ACTIONS.value)
        together.delete(QueueName.ACTIONS.value)
        lost, _ = together.execute()
    return int(lost)
