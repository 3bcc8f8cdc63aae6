"""The relay prunes by itself, and its sweeps wait for nothing that pruning waits for."""

from django.db import transaction

from server.apps.actions.models import Heartbeat
from server.apps.users.models import User
from server.services.event_stream.append import lock_stream
from server.services.retention.prune import TURN
from tests.processes import wait_until
from tests.queue.conftest import StartRole, wait_for_a_sweep
from tests.retention.aging import age_events, apply_notes, cursors, stream_of


def test_two_relays_prune_by_themselves_while_their_sweeps_go_on(user: User, start: StartRole) -> None:
    every = apply_notes(user, 2)
    age_events(user, every[2], days=31)
    Heartbeat.objects.filter(role=TURN).delete()
    with transaction.atomic():
        lock_stream(user.id)
        relays = [start("relay", COACH_PRUNE_EVERY_MINUTES="0.02")]
        wait_until(lambda: Heartbeat.objects.filter(role=TURN).exists(), "the relay prunes")
        for _ in range(3):
            wait_for_a_sweep()  # of the one that prunes: there is no other yet
        relays.append(start("relay", COACH_PRUNE_EVERY_MINUTES="0.02"))
        assert cursors(user) == every
    wait_until(lambda: cursors(user) == every[3:], "the relay has pruned")
    assert stream_of(user).trimmed_cursor == every[2]
    for relay in relays:
        relay.stop()
        assert relay.exit_code == 0, relay.log.read_text()


def test_a_relay_that_is_told_to_end_does_not_wait_for_pruning(user: User, start: StartRole) -> None:
    age_events(user, apply_notes(user, 1)[0], days=31)
    Heartbeat.objects.filter(role=TURN).delete()
    with transaction.atomic():
        lock_stream(user.id)
        relay = start("relay")
        wait_until(lambda: Heartbeat.objects.filter(role=TURN).exists(), "the relay prunes")
        relay.stop()
        assert relay.exit_code == 0, relay.log.read_text()
