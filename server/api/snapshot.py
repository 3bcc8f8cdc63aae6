"""Reading a user's rows as they are at one moment, and saying which events they are the outcome of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from ninja.errors import AuthenticationError

from server.apps.events.models import EventStream
from server.apps.users.models import User

HEADER = "Events-Cursor"

SAYS_WHEN: dict[str, Any] = {
    "responses": {
        200: {
            "headers": {
                HEADER: {
                    "required": True,
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "The last event whose outcome this shows, and none after it: read on from here.",
                }
            }
        }
    }
}
"""The header in the OpenAPI document."""


@contextmanager
def snapshot(user: User, response: HttpResponse) -> Iterator[None]:
    """All that the block reads is of one moment; the response says the user's last cursor at that moment.

    Whatever is told of is committed together with its event, so the block sees the outcome of each event up to that
    cursor, and of none after it. Raises `AuthenticationError` where the user was deleted meanwhile.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        stream = EventStream.objects.filter(user=user).first()
        if stream is None:
            raise AuthenticationError
        response[HEADER] = str(stream.last_cursor)
        yield
