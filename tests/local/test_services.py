"""The embedded servers, for real."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from server.local.errors import RefusedError
from server.local.home import Home
from server.local.postgres import MAX_SOCKET_PATH, EmbeddedPostgres
from server.local.run_state import RunState
from server.local.services import LocalServices


def test_the_addresses_work_for_psycopg_and_django(home_directory: Path) -> None:
    with LocalServices(home_directory, durable=False) as services:
        with psycopg.connect(services.database_url) as connection:
            assert connection.info.server_version // 10_000 == 18
            assert connection.info.dbname == "coach"
        settings = dj_database_url.parse(services.database_url)
        assert settings["OPTIONS"]["host"] == str(home_directory / "postgres")
        assert Redis.from_url(services.redis_url).ping()


def test_postgres_asks_for_a_password_and_listens_on_no_network(home_directory: Path) -> None:
    with LocalServices(home_directory, durable=False) as services:
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(services.database_url.replace(":" + _password(services.database_url), "", 1))
        assert (home_directory / "postgres").stat().st_mode & 0o077 == 0
        assert (home_directory / "postgres_password").stat().st_mode & 0o077 == 0


def test_redis_keeps_its_queues_and_asks_for_a_password(home_directory: Path) -> None:
    with LocalServices(home_directory, durable=False) as services:
        client = Redis.from_url(services.redis_url, decode_responses=True)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        with pytest.raises(AuthenticationError):
            Redis.from_url(services.redis_url.replace(_password(services.redis_url), "wrong")).ping()


def test_data_waits_for_the_disk_unless_told_otherwise(new_home: Callable[[], Path]) -> None:
    for durable, setting in ((True, "on"), (False, "off")):
        with (
            LocalServices(new_home(), durable=durable) as services,
            psycopg.connect(services.database_url) as connection,
        ):
            assert connection.execute("SHOW fsync").fetchone() == (setting,)


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(home_directory: Path) -> None:
    with LocalServices(home_directory) as services:
        before = services.database_url, services.redis_url
        with psycopg.connect(services.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (it text)")
        services.postgres.kill()
        services.redis.kill()
        services.postgres.start()
        services.redis.start()
        assert (services.database_url, services.redis_url) == before
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_the_servers_of_a_killed_program_do_not_stop_the_next_start(home_directory: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from server.local.services import LocalServices\n"
        "with LocalServices(Path(sys.argv[1]), durable=False): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(home_directory)], check=False)
    assert killed.returncode == -9
    left = RunState.read(Home(home_directory))
    assert left is not None
    assert [record.role for record in left.living()] == ["postgres", "redis"]
    with LocalServices(home_directory, durable=False) as services:
        assert Redis.from_url(services.redis_url).ping()
        assert not any(record.process_id and record.process_id.is_alive() for record in left.processes)


def test_a_lock_file_with_the_pid_of_another_program_does_not_stop_the_start(home_directory: Path) -> None:
    with LocalServices(home_directory, durable=False):
        lines = (home_directory / "postgres/data/postmaster.pid").read_text().splitlines()
    # After a restart of the machine the pid may be anybody's, here this very program's.
    stale = "\n".join([str(os.getpid()), *lines[1:]]) + "\n"
    (home_directory / "postgres/data/postmaster.pid").write_text(stale)
    with LocalServices(home_directory, durable=False) as services, psycopg.connect(services.database_url):
        pass


def test_a_path_too_long_for_a_socket_is_no_hindrance(home_directory: Path) -> None:
    deep = home_directory / ("a-long-name-" * 9)
    with LocalServices(deep, durable=False) as services:
        assert len(str(deep)) > MAX_SOCKET_PATH
        with psycopg.connect(services.database_url):
            elsewhere = EmbeddedPostgres(Home.locate(deep)).socket_directory
            assert elsewhere.parent == Path(tempfile.gettempdir()).resolve()
            assert elsewhere.stat().st_mode & 0o077 == 0
    assert not elsewhere.exists()


def test_two_homes_run_side_by_side_and_one_home_only_once(new_home: Callable[[], Path]) -> None:
    one, other = new_home(), new_home()
    with LocalServices(one, durable=False) as first, LocalServices(other, durable=False) as second:
        assert first.database_url != second.database_url
        assert first.redis_url != second.redis_url
        with pytest.raises(RefusedError, match=rf"pid {os.getpid()}\).*coach down"), LocalServices(one):
            pass


def _password(url: str) -> str:
    return url.split("@", maxsplit=1)[0].rsplit(":", 1)[1]
