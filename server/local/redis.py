"""An embedded Redis: loopback only, a password, never evicts, keeps its queues in an append-only file."""

import os
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from server.local.binaries import redis_program
from server.local.child import Role
from server.local.home import Home
from server.local.ports import LOOPBACK, free_port


class EmbeddedRedis:
    """The Redis of one home. `prepare` once, then run `role`; `problem` tells when it is ready."""

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self._home = home
        self._durable = durable
        self._directory = home.path / "redis"
        self._port = free_port()

    @property
    def redis_url(self) -> str:
        return f"redis://:{self._home.secret('redis_password')}@{LOOPBACK}:{self._port}/0"

    def prepare(self) -> None:
        """Write the configuration, in a file of this user's: a password on a command line is everybody's."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name} {value}\n" for name, value in self._settings().items())

    def role(self) -> Role:
        return Role(
            name="redis",
            command=(str(redis_program()), str(self._configuration)),
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            directory=self._directory,
            stop_order=80,
            grace_s=15.0,
        )

    def problem(self) -> str | None:
        """Why Redis cannot be used yet; None once it answers."""
        try:
            with Redis.from_url(self.redis_url, socket_timeout=2.0, socket_connect_timeout=2.0) as client:
                client.ping()
        except RedisError as error:
            return str(error)
        return None

    @property
    def _configuration(self) -> Path:
        return self._directory / "redis.conf"

    def _settings(self) -> dict[str, str]:
        directory = str(self._directory).replace("\\", "\\\\").replace('"', '\\"')
        return {
            "bind": LOOPBACK,
            "port": str(self._port),
            "requirepass": self._home.secret("redis_password"),
            "dir": f'"{directory}"',
            "maxmemory-policy": "noeviction",
            "appendonly": "yes",
            "appendfsync": "everysec" if self._durable else "no",
            "save": '""',
            "daemonize": "no",
        }
