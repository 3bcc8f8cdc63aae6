"""PostgreSQL refuses to run as root: the account that it runs as instead, and what that account may reach."""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from server.local.errors import LocalError

SERVICE_ACCOUNT = "pgserver"
# Where no account can be made, an account that every system has.
OTHER_ACCOUNTS = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int


class AccountArguments(TypedDict, total=False):
    """What `subprocess` is given to run a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account | None) -> AccountArguments:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def service_account() -> Account | None:
    """Whom PostgreSQL runs as: None for "whoever asks", and an account of its own where that is root."""
    if os.geteuid() != 0:
        return None
    account = _find(SERVICE_ACCOUNT) or _make(SERVICE_ACCOUNT)
    for name in OTHER_ACCOUNTS:
        account = account or _find(name)
    if account is None:
        raise LocalError(
            "PostgreSQL does not run as root, and no other account was found: "
            "run as another user, or set DATABASE_URL."
        )
    return account


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _make(name: str) -> Account | None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", name]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return _find(name)
    return _find(name)


def let_through(path: Path, account: Account, report: Callable[[str], None]) -> None:
    """Let `account` pass the directories above `path`. It may enter them by name, not list or read them."""
    for directory in path.resolve().parents:
        mode = directory.stat().st_mode
        if mode & stat.S_IXOTH or directory.stat().st_uid == account.uid:
            continue
        directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        report(f"Let other accounts pass through {directory} (chmod o+x): PostgreSQL does not run as root.")


def let_read(directory: Path) -> None:
    """Let every account read what is installed in `directory`, where a strict umask closed it."""
    for path in (directory, *directory.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
