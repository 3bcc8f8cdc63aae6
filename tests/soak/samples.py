"""One look at everything: processes, Redis, PostgreSQL."""

import re
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import httpx
import psutil
import psycopg
from redis import Redis

from server.enums.queue_name import QueueName
from tests.soak.system import System

MIB = 1024 * 1024
SERVERS = ("postgres", "redis")

# The names of keys that are made again and again, each with an id of its own.
UNIQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|@.*?(?=\.celery|$)|gen\d+", re.IGNORECASE)

TABLES = """
SELECT s.relname, pg_table_size(s.relid), pg_indexes_size(s.relid), s.n_dead_tup
FROM pg_stat_user_tables s ORDER BY s.relname
"""
ROWS = (
    "actions",
    "chat_messages",
    "user_notes",
    "operator_entries",
    "events",
    "idempotency_keys",
    "django_session",
)
INDEXES = """
SELECT indexrelname, pg_relation_size(indexrelid) FROM pg_stat_user_indexes ORDER BY indexrelname
"""
CONNECTIONS = """
SELECT application_name || ', ' || coalesce(state, 'no state'), count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 1
"""
TRACEBACKS = "SELECT count(*) FROM actions WHERE traceback <> ''"


class Sampler:
    """Looks at the system by connections of its own."""

    def __init__(self, system: System) -> None:
        self._system = system
        services = system.services
        self._database = psycopg.connect(
            services.database_url, autocommit=True, application_name="soak's own eye"
        )
        self._redis: Redis = Redis.from_url(services.redis_url, decode_responses=True)
        self._web = httpx.Client(base_url=system.url, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._redis.close()
        self._web.close()

    def look(self) -> dict[str, float]:
        """Every figure by its name."""
        return self._processes() | self._of_redis() | self._of_postgres() | self._of_roles()

    def open_actions(self) -> int:
        """How many actions have not ended."""
        return int(self._one("SELECT count(*) FROM actions WHERE finished_at IS NULL"))

    def _processes(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        for name, pid in self._system.pids.items():
            with suppress(psutil.NoSuchProcess):
                figures |= _process(name, psutil.Process(pid))
        return figures

    def _of_redis(self) -> dict[str, float]:
        info: dict[str, Any] = self._redis.info()
        kinds, lengths = Counter[str](), Counter[str]()
        for key in self._redis.scan_iter(count=1_000):
            kinds[UNIQUE.sub("*", key)] += 1
            lengths[key] = self._length(key)
        return {
            "redis: used MiB": info["used_memory"] / MIB,
            "redis: clients": info["connected_clients"],
            "redis: pub/sub channels": info["pubsub_channels"],
            "redis: keys": kinds.total(),
            "redis list actions": lengths.pop(QueueName.ACTIONS.value, 0),
            "redis lists, others": lengths.total(),
            **{f"redis keys {kind}": number for kind, number in sorted(kinds.items())},
        }

    def _length(self, key: str) -> int:
        return int(self._redis.llen(key)) if self._redis.type(key) == "list" else 0

    def _of_postgres(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        for table, size, indexes, dead in self._database.execute(TABLES):
            if size + indexes > 64 * 1024:
                figures[f"table {table}: MiB"] = size / MIB
                figures[f"table {table}: indexes MiB"] = indexes / MIB
                figures[f"table {table}: dead rows"] = dead
        for table in ROWS:
            figures[f"rows {table}"] = self._one(f"SELECT count(*) FROM {table}")
        figures["rows actions with a traceback"] = self._one(TRACEBACKS)
        states: dict[str, int] = dict(self._database.execute(CONNECTIONS).fetchall())
        figures["connections coach"] = sum(states.values())
        return figures | {f"connections of {state}": number for state, number in states.items()}

    def _of_roles(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        with suppress(httpx.HTTPError):
            figures["web: open streams"] = _metric(self._web.get("/metrics").text, "coach_open_streams")
        with suppress(FileNotFoundError):  # Flower writes them anew
            figures["flower: state MiB"] = (
                sum(path.stat().st_size for path in self._system.flower_state) / MIB
            )
        return figures

    def _one(self, sql: str) -> float:
        row = self._database.execute(sql.encode()).fetchone()
        return float(row[0]) if row else 0.0


def _process(name: str, process: psutil.Process) -> dict[str, float]:
    """Servers are weighed with the processes that they start."""
    family = [process, *(process.children(recursive=True) if name in SERVERS else [])]
    figures = {
        f"{name}: RSS MiB": sum(map(_rss, family)) / MIB,
        f"{name}: USS MiB": sum(map(_uss, family)) / MIB,
    }
    if name in SERVERS:
        return figures
    return figures | {f"{name}: files": process.num_fds(), f"{name}: threads": process.num_threads()}


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _uss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.Error:  # gone, or, on macOS, without rights
        return 0


def _metric(page: str, name: str) -> float:
    found = re.search(rf"^{name} (\S+)$", page, flags=re.MULTILINE)
    return float(found[1]) if found else 0.0
