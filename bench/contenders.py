"""Who is measured: how its processes start, how its backlog is made, how it is told how far it has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from uuid import uuid4

from celery import Celery
from django.db import connection
from redis import Redis

from bench import noop, recipe
from bench.mix import ACTIONS_PER_PERSON, Turn, backlog
from bench.people import Person
from bench.processes import Program
from server.enums.queue_name import QueueName
from server.services.action_queue.accept import Provenance, accept_response
from workers.celery_app import app as project_app

Cohorts = Sequence[Sequence[Person]]

CELERY_QUEUE = "celery"
UNACKED = "unacked"
PROJECT_SETTINGS = "server.settings.base"
RECIPE_SETTINGS = "bench.recipe_settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many actions have ended, and when the last of those did, in seconds since the epoch."""

    ended: int
    last_at: float


class Watch(Protocol):
    """Looks how far a drain has come; `limit` actions are enough."""

    def __call__(self, opened_at: float, limit: int) -> Progress: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of those who drain the backlog. `peer` says what it stands for: `noop`, `recipe` or `project`."""

    key: str
    peer: str
    label: str
    app: Celery
    queue: str
    settings_module: str
    workers: tuple[Program, ...]
    helpers: tuple[Program, ...] = ()
    enqueue: Callable[[Cohorts], None]
    watch: Callable[[Redis, int], Watch]
    poll_s: float
    whole: bool = True
    """Whether it drains all; else it is watched for as long as its first cohorts take."""


def _celery(app: str, node: str, *options: str) -> Program:
    return Program(
        name=node, arguments=("-m", "celery", "-A", app, "worker", "-E", *options, "-n", f"{node}@%h")
    )


def coach(role: str, *options: str, name: str | None = None) -> Program:
    """A role of this project, as its supervisor runs it."""
    return Program(name=name or role, arguments=("-m", "server.cli", role, *options))


def _enqueue_noop(cohorts: Cohorts) -> None:
    for _ in range(sum(len(cohort) for cohort in cohorts) * ACTIONS_PER_PERSON):
        noop.noop.delay(str(uuid4()))


def _enqueue_recipe(cohorts: Cohorts) -> None:
    for turn in backlog(cohorts):
        recipe.accept(turn)


def _enqueue_project(cohorts: Cohorts) -> None:
    for turn in backlog(cohorts):
        accept(turn)


def accept(turn: Turn) -> None:
    """As the chat does."""
    accept_response(turn.person.user, turn.response, Provenance(phase=turn.phase))


def _watch_queue(redis: Redis, total: int) -> Watch:
    """A no-op leaves no trace but the queue, which gets shorter."""

    def look(opened_at: float, limit: int) -> Progress:
        with redis.pipeline() as pipeline:
            pipeline.llen(CELERY_QUEUE)
            pipeline.hlen(UNACKED)
            waiting, taken = pipeline.execute()
        return Progress(ended=total - waiting - taken, last_at=datetime.now(UTC).timestamp())

    return look


def _watch_table(redis: Redis, total: int) -> Watch:
    """Everyone else writes when each action ended; the clock is this machine's for all."""

    def look(opened_at: float, limit: int) -> Progress:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), max(finished_at) FROM (SELECT finished_at FROM actions "
                "WHERE finished_at >= %s ORDER BY finished_at LIMIT %s) ended",
                [datetime.fromtimestamp(opened_at, UTC), limit],
            )
            row = cursor.fetchone()
        assert row is not None
        ended, last = row
        return Progress(ended=ended, last_at=last.timestamp() if last else opened_at)

    return look


LEAN = ("-P", "solo", "--without-gossip", "--without-mingle")
_contender_of_noop = partial(
    Contender,
    peer="noop",
    app=noop.app,
    queue=CELERY_QUEUE,
    settings_module=PROJECT_SETTINGS,
    enqueue=_enqueue_noop,
    watch=_watch_queue,
    poll_s=0.01,
)
_contender_of_recipe = partial(
    Contender,
    peer="recipe",
    app=recipe.app,
    queue=CELERY_QUEUE,
    settings_module=RECIPE_SETTINGS,
    enqueue=_enqueue_recipe,
    watch=_watch_table,
    poll_s=0.2,
    whole=False,
)

CONTENDERS = (
    _contender_of_noop(
        key="noop",
        label="(a) no-op, 2 solo",
        workers=tuple(_celery("bench.noop", f"noop-{number}", *LEAN) for number in (1, 2)),
    ),
    _contender_of_noop(
        key="noop-prefork",
        label="(a) no-op, prefork",
        workers=(_celery("bench.noop", "noop-prefork", "--concurrency", "2"),),
    ),
    _contender_of_recipe(
        key="recipe",
        label="(b) recipe, prefork",
        workers=(_celery("bench.recipe", "recipe-prefork", "--concurrency", "2"),),
    ),
    _contender_of_recipe(
        key="recipe-solo",
        label="(b) recipe, 2 solo",
        workers=tuple(_celery("bench.recipe", f"recipe-{number}", "-P", "solo") for number in (1, 2)),
    ),
    Contender(
        key="project",
        peer="project",
        label="(c) project, 2 solo",
        app=project_app,
        queue=QueueName.ACTIONS.value,
        settings_module=PROJECT_SETTINGS,
        workers=tuple(coach("worker", "--name", name, name=name) for name in ("worker-1", "worker-2")),
        helpers=(coach("relay"),),
        enqueue=_enqueue_project,
        watch=_watch_table,
        poll_s=0.2,
    ),
)
