"""What a caller has shown to be let in, and whether it would still let them in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from server.apps.users.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class BySession:
    """A browser's session. `auth_hash` is made of the user's password: with another one, the session is over."""

    user_id: UUID
    session_key: str
    auth_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByToken:
    """A program's bearer token."""

    token_id: int


SignIn = BySession | ByToken


def still_valid(sign_ins: Collection[SignIn]) -> set[SignIn]:
    """Those that have not ended: a few queries, however many there are."""
    by_session = [one for one in sign_ins if isinstance(one, BySession)]
    by_token = [one for one in sign_ins if isinstance(one, ByToken)]
    return {*_sessions(by_session), *_tokens(by_token)}


def _sessions(sign_ins: list[BySession]) -> Iterable[BySession]:
    if not sign_ins:
        return []
    lasting = "SELECT session_key, true FROM django_session WHERE expire_date > %s AND session_key = ANY(%s)"
    keys = _pairs(lasting, timezone.now(), [one.session_key for one in sign_ins])
    passwords = _pairs("SELECT id, password FROM users WHERE id = ANY(%s)", [one.user_id for one in sign_ins])
    hashes = {key: User(password=password).get_session_auth_hash() for key, password in passwords.items()}
    return (one for one in sign_ins if one.session_key in keys and one.auth_hash == hashes.get(one.user_id))


def _tokens(sign_ins: list[ByToken]) -> Iterable[ByToken]:
    if not sign_ins:
        return []
    ids = _pairs("SELECT id, true FROM api_tokens WHERE id = ANY(%s)", [one.token_id for one in sign_ins])
    return (one for one in sign_ins if one.token_id in ids)


def _pairs(sql: str, *parameters: Any) -> dict[Any, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(cursor.fetchall())
