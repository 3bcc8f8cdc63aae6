"""What is set up on this machine, what is missing, and how to mend it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from server.local.binaries import postgres_programs, redis_program
from server.local.errors import LocalError
from server.local.home import Home
from server.local.ports import is_free
from server.local.run_state import RunState

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 150_000
WEB_PORT, FLOWER_PORT = 8000, 5555


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `holds` is None where nothing needs it now; `mend` says what to do."""

    name: str
    holds: bool | None
    detail: str
    mend: str = ""


def examine(home: Home, *, client: Path, docs: Path) -> Iterator[Finding]:
    """Look at everything, one finding at a time.

    `client` and `docs` are where the built chat page and the built documentation should be.
    """
    state = RunState.read(home) if home.holder() is not None else None
    database_url = os.environ.get("DATABASE_URL") or (state.database_url if state else "")
    redis_url = os.environ.get("REDIS_URL") or (state.redis_url if state else "")
    yield _python()
    yield _program("PostgreSQL 18 (embedded)", "DATABASE_URL", postgres_programs)
    yield _program("Redis (embedded)", "REDIS_URL", redis_program)
    yield _running(home, state)
    yield from _processes(state)
    yield from _database(database_url)
    yield _redis(redis_url)
    if state is None:
        yield _port("port of web", WEB_PORT, "--port")
        yield _port("port of Flower", FLOWER_PORT, "--flower-port")
    yield _built("chat page", client, "make client", "COACH_CLIENT_DIR")
    yield _built("documentation", docs, "make docs", "COACH_DOCS_DIR")
    yield _optional("Node.js", ("node",), "only needed to build the two: make client brings it")
    yield _optional(
        "Chromium", ("chromium", "chromium-browser", "google-chrome"), "only needed by the browser's tests"
    )


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    fits = sys.version_info >= OLDEST_PYTHON
    return Finding(
        name="Python", holds=fits, detail=version, mend="" if fits else "Install Python 3.11 or newer."
    )


def _program(name: str, variable: str, find: Callable[[], object]) -> Finding:
    if os.environ.get(variable):
        return Finding(name=name, holds=None, detail=f"not needed: {variable} is set")
    try:
        return Finding(name=name, holds=True, detail=str(find()))
    except LocalError as error:
        return Finding(name=name, holds=False, detail="not installed", mend=str(error))


def _running(home: Home, state: RunState | None) -> Finding:
    if state is None:
        return Finding(
            name="system", holds=None, detail=f"not running in {home.path}", mend="Start it: coach up"
        )
    return Finding(name="system", holds=True, detail=f"{state.phase} in {home.path}, {state.web_url}")


def _processes(state: RunState | None) -> Iterator[Finding]:
    for record in state.processes if state else ():
        alive = record.process_id is not None and record.process_id.is_alive()
        log = f"See the role's log: {record.role}.log in the home's logs."
        yield Finding(
            name=record.role,
            holds=alive,
            detail=f"{record.state}, pid {record.pid}",
            mend="" if alive else log,
        )


def _database(url: str) -> Iterator[Finding]:
    if not url:
        yield Finding(
            name="database", holds=None, detail="none runs", mend="Start it: coach up, or set DATABASE_URL."
        )
        return
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        mend = "Check DATABASE_URL and that the server runs."
        yield Finding(name="database", holds=False, detail=str(error).splitlines()[0], mend=mend)
        return
    fits = version >= OLDEST_POSTGRES
    major = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    yield Finding(
        name="database", holds=fits, detail=major, mend="" if fits else "PostgreSQL 15 or newer is needed."
    )
    yield _migrations(url)


def _migrations(url: str) -> Finding:
    # In a process of its own: looking does not need Django here.
    checked = subprocess.run(
        [sys.executable, "-m", "server.cli", "migrate", "--check"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode == 0:
        return Finding(name="migrations", holds=True, detail="all applied")
    reason = (checked.stderr.strip() or "not all applied").splitlines()[-1].removeprefix("coach: ")
    return Finding(name="migrations", holds=False, detail=reason, mend="Apply them: coach migrate")


def _redis(url: str) -> Finding:
    if not url:
        return Finding(
            name="redis", holds=None, detail="none runs", mend="Start it: coach up, or set REDIS_URL."
        )
    try:
        with Redis.from_url(
            url.replace("redis+socket://", "unix://"), socket_timeout=5, decode_responses=True
        ) as client:
            info = client.info()
    except (RedisError, ValueError) as error:
        return Finding(
            name="redis", holds=False, detail=str(error), mend="Check REDIS_URL and that the server runs."
        )
    assert isinstance(info, dict)
    policy, saved = str(info.get("maxmemory_policy")), bool(info.get("aof_enabled"))
    detail = f"Redis {info.get('redis_version')}, {policy}, append-only file {'on' if saved else 'off'}"
    if policy != "noeviction":
        return Finding(
            name="redis",
            holds=False,
            detail=detail,
            mend="Set maxmemory-policy noeviction: queues may be evicted.",
        )
    mend = "" if saved else "Set appendonly yes, so that a restart of Redis delays nothing."
    return Finding(name="redis", holds=True, detail=detail, mend=mend)


def _port(name: str, port: int, option: str) -> Finding:
    if is_free(port):
        return Finding(name=name, holds=True, detail=f"{port} is free")
    return Finding(
        name=name, holds=None, detail=f"{port} is in use", mend=f"Give `coach up` another with {option}."
    )


def _built(name: str, directory: Path, command: str, variable: str) -> Finding:
    if (directory / "index.html").is_file():
        return Finding(name=name, holds=True, detail=f"built, in {directory}")
    mend = f"Build it: {command}, or set {variable}. Everything else works without it."
    return Finding(name=name, holds=None, detail=f"not built in {directory}", mend=mend)


def _optional(name: str, programs: tuple[str, ...], use: str) -> Finding:
    found = next(filter(None, map(shutil.which, programs)), None)
    return Finding(
        name=name, holds=True if found else None, detail=found or "not installed", mend="" if found else use
    )
