"""`/healthz` and `/readyz`."""

import asyncio
import logging
from functools import cache

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import RedisError
from redis.asyncio import Redis

from server.api.problems import Problem, response_to
from server.apps.actions.models import RELAY_SILENCE_S
from server.settings.environment import environment

logger = logging.getLogger(__name__)

CHECK_TIMEOUT_S = 1.0

APPLIED = "SELECT app, name FROM django_migrations"
RELAY_SILENT_S = (
    "SELECT extract(epoch FROM clock_timestamp() - beat_at)::float8 FROM heartbeats WHERE role = 'relay'"
)


async def show_health(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


async def show_readiness(request: HttpRequest) -> HttpResponse:
    """200, or 503 naming what is missing."""
    database, broker = await asyncio.gather(_missing_of_database(), _missing_of_broker())
    missing = [*database, *broker]
    if missing:
        return response_to(Problem(status=503, detail=f"Missing: {', '.join(missing)}."))
    return JsonResponse({"status": "ready"})


async def _missing_of_database() -> list[str]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await _look_at_database()
    except (psycopg.Error, OSError, TimeoutError) as error:
        logger.warning("not ready: the database does not answer: %s", error)
        return ["database"]


async def _look_at_database() -> list[str]:
    """By a connection of its own, so that a busy pool is not taken for an absent database."""
    async with await psycopg.AsyncConnection.connect(environment().database_url, autocommit=True) as database:
        try:
            applied = {tuple(row) for row in await (await database.execute(APPLIED)).fetchall()}
        except psycopg.errors.UndefinedTable:
            return ["migrations"]
        if not _migrations() <= applied:
            return ["migrations"]
        beat = await (await database.execute(RELAY_SILENT_S)).fetchone()
        return [] if beat is not None and beat[0] <= RELAY_SILENCE_S else ["relay heartbeat"]


async def _missing_of_broker() -> list[str]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S), Redis.from_url(settings.REDIS_URL) as redis:
            await redis.ping()
    except (RedisError, OSError, TimeoutError) as error:
        logger.warning("not ready: the broker does not answer: %s", error)
        return ["broker"]
    return []


@cache
def _migrations() -> set[tuple[str, str]]:
    """The migrations that this version has."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
