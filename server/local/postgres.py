"""An embedded PostgreSQL 18: its own data directory, a unix socket, a password, nothing on the network."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from server.local.accounts import Account, as_account, let_read, let_through, service_account
from server.local.binaries import POSTGRES_MAJOR, postgres_programs
from server.local.child import Role
from server.local.errors import LocalError
from server.local.home import Home
from server.local.processes import ProcessId

NAME = "coach"
SOCKET_FILE = ".s.PGSQL.5432"
# Of a unix socket's path: 103 bytes on macOS, 107 on Linux.
MAX_SOCKET_PATH = 103
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "jit": "off", "timezone": "UTC"}
# For throw-away data: nothing waits for the disk, a power cut may lose it all.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The PostgreSQL of one home. `prepare` once, then run `role`; `problem` tells when it is ready."""

    def __init__(
        self, home: Home, *, durable: bool = True, report: Callable[[str], None] = lambda _: None
    ) -> None:
        self._home = home
        self._durable = durable
        self._report = report
        self._directory = home.path / "postgres"
        self._data = self._directory / "data"
        self._account: Account | None = None

    @property
    def database_url(self) -> str:
        return self._url(NAME)

    @property
    def socket_directory(self) -> Path:
        """Beside the data; in the directory for temporary files where that path is too long for a socket."""
        if len(os.fsencode(self._directory / SOCKET_FILE)) <= MAX_SOCKET_PATH:
            return self._directory
        digest = hashlib.sha256(os.fsencode(self._directory)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"coach-{digest}"

    def prepare(self) -> None:
        """Make the data directory on the first run, and what the server needs to start in it."""
        programs = postgres_programs()
        self._account = service_account()
        self._make_directories()
        if self._account is not None:
            self._open_to(self._account, programs)
        if self._data.exists():
            self._check_version()
        else:
            self._report("Making a new database …")
            self._initdb(programs)

    def role(self) -> Role:
        settings = SETTINGS | {"unix_socket_directories": f'"{self.socket_directory}"'}
        if not self._durable:
            settings |= FAST_SETTINGS
        return Role(
            name="postgres",
            command=(
                str(postgres_programs() / "postgres"),
                *("-D", str(self._data)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ),
            environment=_environment(),
            account=self._account,
            directory=Path("/"),
            stop_order=90,
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
            grace_s=30.0,
            before_start=self.end_leftover,
        )

    def problem(self) -> str | None:
        """Why the database cannot be used yet; None once it can. Makes the database on the first run."""
        try:
            with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=5) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
                if known is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        except psycopg.OperationalError as error:
            return str(error).splitlines()[0]
        return None

    def clean(self) -> None:
        """Remove what lies outside of the home. Call it when the server has ended."""
        if self.socket_directory != self._directory:
            shutil.rmtree(self.socket_directory, ignore_errors=True)

    def end_leftover(self) -> None:
        """End a server that still runs on this data; remove a lock file whose pid is another program's now.

        PostgreSQL refuses to start where the pid in its lock file is alive, whatever that process is.
        """
        lock = self._data / "postmaster.pid"
        pid = _pid_in(lock)
        if pid is None:
            return
        if _runs_in(pid, self._data):
            ProcessId.of(pid).end(first=signal.SIGINT, grace_s=20.0)
        lock.unlink(missing_ok=True)
        (self.socket_directory / f"{SOCKET_FILE}.lock").unlink(missing_ok=True)

    def _url(self, database: str) -> str:
        password = self._home.secret("postgres_password")
        return f"postgresql://{NAME}:{quote(password)}@/{database}?host={quote(str(self.socket_directory))}"

    def _make_directories(self) -> None:
        for directory in {self._directory, self.socket_directory}:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            owners = {os.geteuid(), self._account.uid if self._account else os.geteuid()}
            if directory.is_symlink() or directory.stat().st_uid not in owners:
                raise LocalError(
                    f"{str(directory)!r} belongs to someone else: choose another home with --home."
                )
            directory.chmod(0o700)

    def _open_to(self, account: Account, programs: Path) -> None:
        for directory in {self._directory, self.socket_directory}:
            os.chown(directory, account.uid, account.gid)
            let_through(directory, account, self._report)
        let_through(programs, account, self._report)
        let_read(programs.parent)

    def _check_version(self) -> None:
        version = (self._data / "PG_VERSION").read_text().strip()
        if version != str(POSTGRES_MAJOR):
            raise LocalError(
                f"The data in {str(self._data)!r} is of PostgreSQL {version}, installed is {POSTGRES_MAJOR}: "
                "choose another home with --home, or move the data with pg_dump."
            )

    def _initdb(self, programs: Path) -> None:
        # Beside the final place, then renamed: an interrupted start leaves nothing half-made behind.
        fresh, password = self._directory / "data.new", self._directory / "password.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password.write_text(self._home.secret("postgres_password"))
        if self._account is not None:
            os.chown(password, self._account.uid, self._account.gid)
        command = [
            str(programs / "initdb"),
            *("--pgdata", str(fresh), "--username", NAME, "--pwfile", str(password)),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            *(() if self._durable else ("--no-sync",)),
        ]
        made = subprocess.run(
            command,
            cwd="/",
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            **as_account(self._account),
        )
        password.unlink()
        if made.returncode != 0:
            reason = (made.stderr.strip() or made.stdout.strip() or "no reason given").splitlines()[-1]
            raise LocalError(f"PostgreSQL's data directory {str(self._data)!r} could not be made: {reason}")
        fresh.rename(self._data)


def _environment() -> dict[str, str]:
    # Nothing of the caller's PG… variables; macOS needs LC_ALL before a server may start.
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _pid_in(lock: Path) -> int | None:
    try:
        return int(lock.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _runs_in(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server on this very data, which is its working directory."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False
