"""Asking in SQL: all users in parts, and one number."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

USERS_AT_ONCE = 500
FIRST = UUID(int=0)


def users_in_parts(sql: str, parameters: dict[str, Any]) -> Iterator[list[UUID]]:
    """Those users of whom the SQL says yes, as they come up in one part of all users after the other.

    It answers every user of a part, by id, with yes or no. `after` tells it where the part begins, `limit` how many
    users that is.
    """
    after, count = FIRST, USERS_AT_ONCE
    while count == USERS_AT_ONCE:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters | {"after": after, "limit": USERS_AT_ONCE})
            rows = cursor.fetchall()
        count = len(rows)
        after = rows[-1][0] if rows else after
        yield [user_id for user_id, says_yes in rows if says_yes]


def number(sql: str, parameters: dict[str, Any]) -> int:
    """The one number that the SQL answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        (found,) = cursor.fetchone()
        return int(found)
