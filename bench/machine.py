"""What the figures were taken on."""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from django.db import connection
from redis import Redis

PACKAGES = ("celery", "kombu", "redis", "django", "psycopg", "pydantic", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine, the software, and what else kept it busy when the run began (`load`, over one minute)."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    kernel: str
    python: str
    packages: dict[str, str]
    postgres: str
    redis_server: str
    commit: str | None
    changed: bool
    load: float


def describe(redis: Redis) -> Machine:
    commit = _git("rev-parse", "HEAD")
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 1024**3, 1),
        system=platform.system(),
        kernel=platform.release(),
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
        postgres=_postgres(),
        redis_server=redis.info("server")["redis_version"],
        commit=commit,
        changed=bool(_git("status", "--porcelain")),
        load=round(os.getloadavg()[0], 2),
    )


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return _answer("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def _git(*arguments: str) -> str | None:
    return _answer("git", "-C", str(Path(__file__).parent), *arguments)


def _answer(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
