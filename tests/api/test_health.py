"""Health, metrics, and what happens where a server is away."""

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from server.api.metrics import REGISTRY
from server.apps.actions.models import Action, Heartbeat
from server.apps.chat_messages.models import ChatMessage
from server.apps.users.models import User
from server.local.ports import free_port
from server.local.services import LocalServices
from server.services.action_queue import stats
from tests.api.web import WebProcess, bearer
from tests.api.work import accept, note

POST_LIMIT_S = 1.0


def beat(seconds_ago: float = 0.0) -> None:
    beat_at = timezone.now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.update_or_create(role="relay", defaults={"beat_at": beat_at})


def ready(web: WebProcess) -> httpx.Response:
    return httpx.get(f"{web.url}/readyz", timeout=10)


def test_the_process_answers(web: WebProcess) -> None:
    assert httpx.get(f"{web.url}/healthz").status_code == 200


def test_it_is_ready_while_the_relay_beats(web: WebProcess) -> None:
    beat()

    assert ready(web).status_code == 200


@pytest.mark.parametrize("seconds_ago", [None, 11])
def test_it_is_not_ready_without_a_relay(web: WebProcess, seconds_ago: float | None) -> None:
    Heartbeat.objects.all().delete()
    if seconds_ago is not None:
        beat(seconds_ago)

    answer = ready(web)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "relay heartbeat" in answer.json()["detail"]
    assert "broker" not in answer.json()["detail"]


def test_it_is_not_ready_before_every_migration_is_applied(web: WebProcess) -> None:
    beat()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET app = 'x' WHERE app = 'events' RETURNING id")
        ids = [row[0] for row in cursor.fetchall()]
        try:
            assert "migrations" in ready(web).json()["detail"]
        finally:
            cursor.execute("UPDATE django_migrations SET app = 'events' WHERE id = ANY(%s)", [ids])


def test_what_is_away_is_named(web: WebProcess, services: LocalServices) -> None:
    beat()
    services.redis.kill()
    try:
        assert ready(web).json()["detail"] == "Missing: broker."
    finally:
        services.redis.start()


# Metrics


def test_a_caller_on_this_machine_reads_the_metrics(web: WebProcess, client: httpx.Client) -> None:
    client.post("users/me/responses", json={"response": note("one")})

    text = httpx.get(f"{web.url}/metrics").text

    assert 'coach_actions{status="queued"}' in text
    assert "coach_oldest_due_seconds" in text
    assert "coach_open_streams" in text


def metrics() -> dict[str, float]:
    """The page as this process gives it, counted anew."""
    cache.clear()
    page = Client(SERVER_NAME="localhost").get("/metrics")
    assert page.status_code == 200, page.content
    lines = [line for line in page.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_the_metrics_count_the_backlog_and_what_ended_lately(user: User) -> None:
    ended = 'coach_recent_actions{action_type="add_user_note",status="succeeded"}'
    attempts = 'coach_recent_attempts{action_type="add_user_note",status="succeeded"}'
    dead = 'coach_actions{status="dead"}'
    before = metrics()
    succeeds, dies, long_ago, _ = [accept(user, note(text)).actions[0].id for text in "abcd"]
    now = timezone.now()
    Action.objects.filter(id=succeeds).update(status="succeeded", attempt=2, finished_at=now)
    Action.objects.filter(id=dies).update(status="dead", finished_at=now)
    Action.objects.filter(id=long_ago).update(status="succeeded", finished_at=now - timedelta(minutes=6))

    after = metrics()

    assert after[ended] - before.get(ended, 0) == 1
    assert after[attempts] - before.get(attempts, 0) == 2
    assert after[dead] - before[dead] == 1
    assert after['coach_actions{status="queued"}'] - before['coach_actions{status="queued"}'] == 1
    assert 'coach_actions{status="succeeded"}' not in after


def test_no_metric_is_a_counter() -> None:
    """Rows go, and are tried again: their number falls, and a counter may not."""
    assert {family.type for family in REGISTRY.collect()} == {"gauge"}


@pytest.mark.parametrize("query", ["BACKLOG", "LANES"])
def test_the_backlog_is_found_by_the_partial_indexes(query: str) -> None:
    sql = {"BACKLOG": stats.BACKLOG, "LANES": stats.LANES}[query]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tests' table is too small for an index to pay
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "action_lane" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "action_troubled" in plan or query == "LANES", plan


def test_the_rest_of_the_metrics_is_shown_where_the_latest_cannot_be_counted_in_time(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(user, note("one"))
    slow = stats.RECENT.replace("FROM actions", "FROM actions, pg_sleep(60)")
    monkeypatch.setattr(stats, "RECENT", slow)
    monkeypatch.setattr(stats, "RECENT_LIMIT_MS", 50)

    shown = metrics()

    assert shown['coach_actions{status="queued"}'] >= 1
    assert not [name for name in shown if name.startswith("coach_recent_")]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_caller_behind_a_proxy_on_this_machine_needs_a_token(web: WebProcess, header: str) -> None:
    answer = httpx.get(f"{web.url}/metrics", headers={header: "127.0.0.1"})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_caller_from_elsewhere_reads_the_metrics_with_a_token(web: WebProcess, user: User) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}

    assert httpx.get(f"{web.url}/metrics", headers=elsewhere | bearer(user)).status_code == 200
    assert httpx.get(f"{web.url}/metrics", headers=elsewhere).status_code == 401


# Redis does not answer


@pytest.fixture(params=["a port that takes connections and says nothing", "a closed port"])
def no_redis(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Redis that is not there."""
    if request.param == "a closed port":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with closing(socket.create_server(("127.0.0.1", 0), backlog=128)) as hole:
        yield f"redis://127.0.0.1:{hole.getsockname()[1]}/0"


def test_posts_are_answered_within_a_second_where_redis_does_not_answer(
    tmp_path: Path, no_redis: str, user: User
) -> None:
    environment = {"REDIS_URL": no_redis, "COACH_SETTLE_S": "0"}  # no worker runs: nothing would settle
    with WebProcess(tmp_path / "web.log", environment) as web, web.client_of(user) as client:
        client.get("auth/session")
        for _ in range(3):
            for path, body in (
                ("messages", {"content": "Hello."}),
                ("users/me/responses", {"response": note("one")}),
            ):
                answer = client.post(path, json=body, timeout=POST_LIMIT_S)
                assert answer.is_success, answer.text
        assert ready(web).json()["detail"].startswith("Missing: ")
        assert "broker" in ready(web).json()["detail"]


# The database does not answer


def test_where_the_database_is_away_the_answer_says_so_and_nothing_is_stored(
    tmp_path: Path, user: User
) -> None:
    headers = bearer(user)
    nowhere = f"postgresql://coach@127.0.0.1:{free_port()}/coach"
    with (
        WebProcess(tmp_path / "web.log", {"DATABASE_URL": nowhere}) as web,
        web.client(headers=headers) as client,
    ):
        answers = [
            client.post("messages", json={"content": "Hello."}),
            client.get("events"),
        ]
        not_ready = ready(web)

    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "not available" in answer.json()["detail"]
    assert "database" in not_ready.json()["detail"]
    assert not ChatMessage.objects.filter(user=user).exists()
