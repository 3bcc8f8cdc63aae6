"""R3, R4, R6: an attempt that was given up changes nothing."""

from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, transaction

from server.apps.actions.models import Action
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.local.services import LocalServices
from server.services.action_handler.handler import Superseded, _attempt, apply_action, give_up_lost
from server.services.action_handler.outcomes import Applied
from server.services.action_handler.retry import AttemptPolicy, decide
from server.testing.perform import drain
from tests.queue.conftest import note


def test_a_worker_paused_past_its_lease_changes_nothing(user: User) -> None:
    action = note(user)
    paused = Action.objects.claim(action.id, lease_s=0.0)
    assert paused is not None
    (lost,) = [lost for lost in Action.objects.lost(lease_s=35) if lost.id == action.id]
    assert lost.lease_expired
    assert give_up_lost(lost) is not None
    Action.objects.filter(pk=action.pk).update(due_at="2000-01-01T00:00Z")
    drain(user)
    late = decide(Applied("too late"), attempt=1, max_attempts=5, policy=AttemptPolicy(), jitter=0)
    assert Action.objects.finish(paused, late) is None
    action.refresh_from_db()
    assert (action.status, action.attempt) == ("succeeded", 2)
    assert action.result_summary != "too late"
    assert UserNote.objects.filter(user=user).count() == 1


def test_an_attempt_that_always_loses_its_worker_ends_dead_and_its_lane_goes_on(user: User) -> None:
    first, second = note(user, "one"), note(user, "two")
    moved = None
    for _ in range(5):
        Action.objects.filter(pk=first.pk).update(due_at="2000-01-01T00:00Z")
        assert Action.objects.claim(first.id, lease_s=0.0) is not None
        (lost,) = [lost for lost in Action.objects.lost(lease_s=35) if lost.id == first.id]
        moved = give_up_lost(lost)
    assert moved is not None
    assert moved.due is not None
    assert moved.due.id == second.id
    first.refresh_from_db()
    assert (first.status, first.attempt) == ("dead", 5)
    drain(user)
    second.refresh_from_db()
    assert second.status == "succeeded"


def test_a_late_message_for_an_ended_or_missing_action_is_nothing_to_do(user: User) -> None:
    action = note(user)
    drain(user)
    assert apply_action(action.id) is None
    assert apply_action(uuid4()) is None


@pytest.mark.parametrize("ahead", ["queued", "retrying", "running"])
def test_an_action_is_not_claimed_before_the_one_ahead_has_ended(user: User, ahead: str) -> None:
    first, second = note(user, "one"), note(user, "two")
    if ahead != "queued":
        claimed = Action.objects.claim(first.id, lease_s=60)
        assert claimed is not None
        if ahead == "retrying":
            policy = AttemptPolicy()
            later = decide(LookupError(), attempt=1, max_attempts=5, policy=policy, jitter=0)
            assert Action.objects.finish(claimed, later) is not None
    assert Action.objects.get(id=first.id).status == ahead
    assert Action.objects.claim(second.id, lease_s=60) is None


def test_the_database_refuses_a_second_running_action_of_a_user(user: User) -> None:
    note(user, "one")
    note(user, "two")
    with pytest.raises(IntegrityError, match="action_one_running_per_user"), transaction.atomic():
        Action.objects.filter(user=user).update(status="running")


def test_an_effect_whose_attempt_was_given_up_meanwhile_is_rolled_back(user: User) -> None:
    action = note(user)
    paused = Action.objects.claim(action.id, lease_s=0.0)
    assert paused is not None
    (lost,) = [lost for lost in Action.objects.lost(lease_s=35) if lost.id == action.id]
    assert give_up_lost(lost) is not None
    with pytest.raises(Superseded):
        _attempt(paused)
    assert not UserNote.objects.filter(user=user).exists()
    action.refresh_from_db()
    assert action.status == "retrying"


def test_a_relay_that_goes_on_when_the_next_attempt_has_begun_gives_up_nothing(user: User) -> None:
    action = note(user)
    assert Action.objects.claim(action.id, lease_s=0.0) is not None
    (stale,) = [lost for lost in Action.objects.lost(lease_s=35) if lost.id == action.id]
    assert give_up_lost(stale) is not None, "another relay was faster"
    Action.objects.filter(pk=action.pk).update(due_at="2000-01-01T00:00Z")
    assert Action.objects.claim(action.id, lease_s=35) is not None, "by the same session"
    assert give_up_lost(stale) is None
    action.refresh_from_db()
    assert (action.status, action.attempt) == ("running", 2)
    action.delete()


def test_a_claim_passes_over_what_another_session_holds(user: User, services: LocalServices) -> None:
    action = note(user)
    with psycopg.connect(services.database_url) as session:
        session.execute("SELECT FROM actions WHERE id = %s FOR UPDATE", [action.id])
        assert Action.objects.claim(action.id, lease_s=35) is None
    drain(user)
    action.refresh_from_db()
    assert (action.status, action.attempt) == ("succeeded", 1)
