"""Old idempotency keys, tracebacks, sessions and actions."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F

from server.apps.actions.models import Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.test_scenarios.models import SILENCE, ReplayRun, TestScenario
from server.apps.users.models import User
from server.enums.replay_status import ReplayStatus
from server.services.action_handler.models.params import AddUserNoteParams
from server.services.action_queue import operate
from server.services.action_queue.idempotency import KeyedRequest, answer_once
from server.services.crash_points import CrashPoint
from server.services.retention import rows, walk
from server.services.retention.prune import TURN, prune, take_turn, would_prune
from server.testing.expect import assert_actions
from server.testing.faults import Fault, inject
from server.testing.perform import accept, drain
from tests.api.locks import waiting
from tests.api.work import note
from tests.processes import wait_until
from tests.retention.aging import DEFAULTS, age_actions, apply_notes, plan_of, pretend_tables_are_big

FOR_90_DAYS = replace(DEFAULTS, actions_days=90)


def key(user: User, *, days_ago: float) -> IdempotencyKey:
    """The key of a request to which an answer was last begun so long ago."""
    begun_at = database_now() - timedelta(days=days_ago)
    return IdempotencyKey.objects.create(
        user=user, key=str(uuid4()), digest="", answer="{}", expires_at=begun_at
    )


def kept(keys: Sequence[IdempotencyKey]) -> list[bool]:
    there = set(IdempotencyKey.objects.filter(pk__in=[key.pk for key in keys]).values_list("pk", flat=True))
    return [key.pk in there for key in keys]


def test_a_key_goes_so_long_after_an_answer_was_last_begun(user: User) -> None:
    keys = [key(user, days_ago=days) for days in (8, 7.1, 6.9, 0, -0.0001)]

    prune(DEFAULTS)

    assert kept(keys) == [False, False, True, True, True]


def test_a_key_whose_answer_was_begun_again_does_not_keep_the_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 2)
    IdempotencyKey.objects.all().delete()  # those of other tests are younger, and came before
    keys = [key(user, days_ago=days) for days in (9, 9, 0, 9, 9, 9)]

    prune(DEFAULTS)

    assert kept(keys) == [False, False, True, False, False, False]


def test_a_request_is_answered_anew_once_its_key_is_gone(user: User, client: httpx.Client) -> None:
    body, header = {"response": note("one")}, {"Idempotency-Key": str(uuid4())}
    first = client.post("users/me/responses", json=body, headers=header)
    IdempotencyKey.objects.filter(user=user).update(expires_at=database_now() - timedelta(days=6))
    prune(DEFAULTS)
    assert client.post("users/me/responses", json=body, headers=header).json() == first.json()

    IdempotencyKey.objects.filter(user=user).update(expires_at=database_now() - timedelta(days=8))
    prune(DEFAULTS)
    assert client.post("users/me/responses", json=body, headers=header).json() != first.json()


def test_a_request_whose_key_is_pruned_in_this_very_moment_is_answered_anew(user: User) -> None:
    old = key(user, days_ago=8)
    request = KeyedRequest(caller=user, key=old.key, digest="")

    def send() -> str:
        try:
            return answer_once(request, user, lambda: "a new answer")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            IdempotencyKey.objects.select_for_update().get(pk=old.pk)
            sent = thread.submit(send)
            wait_until(lambda: waiting() > 0, "the request waits for the key")
            old.delete()
        assert sent.result(30) == "a new answer"


def test_the_traceback_of_an_action_that_ended_long_ago_is_cleared_and_nothing_else(user: User) -> None:
    accept(user, {"add_user_note": AddUserNoteParams(note="one")})
    with inject(Fault(point=CrashPoint.IN_HANDLER, do="raise", on=None)):
        drain(user, skip_waits=True)
    action = Action.objects.get(user=user)
    assert "InjectedFault" in action.traceback

    prune(DEFAULTS)
    assert Action.objects.get(user=user).traceback == action.traceback
    age_actions(user, days=31)
    prune(DEFAULTS)

    after = Action.objects.get(user=user)
    assert (after.traceback, after.status, after.error_message) == ("", "dead", action.error_message)


def test_a_session_goes_when_it_has_expired() -> None:
    now = database_now()
    for name, expire_date in (("over", now - timedelta(seconds=1)), ("valid", now + timedelta(days=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=expire_date)

    prune(DEFAULTS)

    assert list(Session.objects.filter(session_key__in=["over", "valid"]).values_list("pk", flat=True)) == [
        "valid"
    ]


# Actions


def test_actions_are_kept_for_ever_by_default(user: User) -> None:
    apply_notes(user, 2)
    age_actions(user, days=10_000)

    prune(DEFAULTS)

    assert_actions(user, [("add_user_note", "succeeded")] * 2)


def test_only_actions_that_ended_long_ago_go_and_the_lane_goes_on(user: User) -> None:
    apply_notes(user, 3)
    age_actions(user, days=91)
    apply_notes(user, 1)
    accept(user, {"add_user_note": AddUserNoteParams(note="waits")})
    Action.objects.filter(user=user).open().update(queued_at=F("queued_at") - timedelta(days=200))

    prune(FOR_90_DAYS)
    assert list(Action.objects.filter(user=user).order_by("seq").values_list("status", flat=True)) == [
        "succeeded",
        "queued",
    ]
    drain(user)

    assert not Action.objects.filter(user=user).open().exists()


def test_an_action_that_an_operator_touched_stays_with_its_audit(user: User) -> None:
    apply_notes(user, 2)
    touched = Action.objects.filter(user=user).order_by("seq")[0]
    operate.retry(touched, operator="somebody")
    drain(user)
    age_actions(user, days=91)

    prune(FOR_90_DAYS)

    assert list(Action.objects.filter(user=user)) == [touched]
    assert touched.operator_entries.count() == 1


def test_pages_go_on_where_they_were_while_actions_go(user: User, client: httpx.Client) -> None:
    apply_notes(user, 6)
    first = client.get("actions", params={"limit": 2}).json()
    age_actions(user, days=91)
    young = Action.objects.filter(user=user).order_by("-seq")[:4].values_list("pk", flat=True)
    Action.objects.filter(pk__in=list(young)).update(finished_at=database_now())

    prune(FOR_90_DAYS)

    rest = client.get("actions", params={"limit": 10, "cursor": first["next_cursor"]}).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 2, None]
    messages = client.get("messages").json()["items"]
    assert [len(message["actions"]) for message in messages] == [1, 1, 1, 1, 0, 0]
    assert ChatMessage.objects.filter(user=user).count() == 6


# What is not removed yet


def test_a_dry_run_counts_and_removes_nothing(user: User) -> None:
    before = {each.what: each.removed for each in would_prune(FOR_90_DAYS)}
    apply_notes(user, 2)
    age_actions(user, days=91)
    Action.objects.filter(user=user).update(traceback="it broke")
    old = key(user, days_ago=8)
    run = ReplayRun.objects.create(state=ReplayStatus.STOPPED)
    ReplayRun.objects.filter(id=run.id).update(ended_at=database_now() - timedelta(days=91))
    TestScenario.objects.create(name="Left", run=run)

    after = {each.what: each.removed for each in would_prune(FOR_90_DAYS)}

    more = {what: after[what] - before[what] for what in after}
    assert more == {
        "events": 0,
        "idempotency keys": 1,
        "tracebacks": 2,
        "ended actions": 2,
        "what ended replays left": 1,
        "replays": 1,
        "sessions": 0,
    }
    assert kept([old]) == [True]
    assert prune(FOR_90_DAYS) == would_prune_of(after)
    assert not any(each.removed for each in would_prune(FOR_90_DAYS))


def would_prune_of(counts: dict[str, int]) -> list[object]:
    """What pruning answers where this is there to be pruned."""
    return [replace(each, removed=counts[each.what]) for each in would_prune(FOR_90_DAYS)]


def test_what_a_replay_left_goes_with_its_users_and_what_was_to_be_kept_stays(user: User) -> None:
    def made(run: ReplayRun) -> TestScenario:
        row = TestScenario.objects.create(name="Left", run=run)
        User.objects.create_user(f"{row.id}@example.org", test_scenario=row)
        return row

    silent = ReplayRun.objects.create(state=ReplayStatus.RUNNING)
    ReplayRun.objects.filter(id=silent.id).update(beat_at=database_now() - SILENCE)
    rows = [
        made(silent),
        made(ReplayRun.objects.create(state=ReplayStatus.RUNNING)),
        made(ReplayRun.objects.create(state=ReplayStatus.AS_EXPECTED, keeps_users=True)),
    ]

    prune(DEFAULTS)

    assert [User.objects.filter(test_scenario_id=row.pk).exists() for row in rows] == [False, True, True]
    silent.refresh_from_db()
    assert (silent.state, silent.reason) == ("failed", "Its process was gone before it had ended.")
    TestScenario.objects.filter(pk__in=[row.pk for row in rows]).delete()
    ReplayRun.objects.open().update(state=ReplayStatus.STOPPED)


def test_a_replay_goes_so_long_after_its_end(user: User) -> None:
    runs = [
        ReplayRun.objects.create(state=ReplayStatus.DIFFERS, ended_at=database_now() - timedelta(days=days))
        for days in (91, 89)
    ]
    kept_users = TestScenario.objects.create(name="Kept", run=runs[0])
    ReplayRun.objects.filter(id=runs[0].id).update(keeps_users=True)

    prune(DEFAULTS)

    assert [ReplayRun.objects.filter(id=run.id).exists() for run in runs] == [False, True]
    kept_users.refresh_from_db()
    assert kept_users.run is None
    kept_users.delete()


# Turns


def test_one_of_two_relays_prunes_when_the_time_has_come() -> None:
    Heartbeat.objects.filter(role=TURN).delete()

    assert [take_turn(3_600), take_turn(3_600)] == [True, False]
    Heartbeat.objects.filter(role=TURN).update(beat_at=database_now() - timedelta(hours=1))
    assert [take_turn(3_600), take_turn(3_600)] == [True, False]


def test_a_clock_that_was_set_back_keeps_nobody_from_pruning() -> None:
    Heartbeat.objects.update_or_create(role=TURN, defaults={"beat_at": database_now() + timedelta(hours=5)})

    assert take_turn(3_600)


# On big tables

OLD: dict[str, Any] = {"before": datetime(2026, 1, 1, tzinfo=UTC), "after": walk.FIRST, "limit": 1_000}


@pytest.mark.parametrize(
    ("query", "index"),
    [("TRACED", "action_traced"), ("COUNT_TRACED", "action_traced"), ("USERS", "action_user_seq")],
)
def test_old_actions_are_found_by_an_index(query: str, index: str) -> None:
    sql = {"TRACED": rows.TRACED, "COUNT_TRACED": rows.COUNT_TRACED, "USERS": rows.USERS}[query]
    with transaction.atomic():
        plan = plan_of(sql, OLD)

    assert index in plan, plan
    assert "Seq Scan" not in plan, plan


def test_keys_and_sessions_are_found_by_an_index(user: User) -> None:
    key(user, days_ago=0)
    with transaction.atomic():
        pretend_tables_are_big()
        keys = IdempotencyKey.objects.order_by("id").filter(id__gt=0).values_list("id", "expires_at")[:10]
        sessions = Session.objects.filter(expire_date__lt=database_now()).order_by("expire_date")[:10]
        assert "idempotency_keys_pkey" in keys.explain(), keys.explain()
        assert "django_session_expire_date" in sessions.explain(), sessions.explain()
