"""Removing the users of a replay, many at once."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from server.apps.actions.models import OperatorEntry
from server.apps.users.models import User


def remove_settled(user_ids: Sequence[UUID]) -> None:
    """Remove users with all that they have, each table in one statement.

    Only for those in whose lanes nothing is left to do: nobody writes for them any more, so nobody is waited for, as
    `User.delete` does for each. Raises `IntegrityError`, and removes nothing, where a row of another table still
    points to one that goes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        OperatorEntry.objects.filter(action__user__in=user_ids).delete()
        for table, column in _tables():
            name, of = connection.ops.quote_name(table), connection.ops.quote_name(column)
            cursor.execute(f"DELETE FROM {name} WHERE {of} = ANY(%s)", [list(user_ids)])


def _tables() -> Iterator[tuple[str, str]]:
    """Every table with a column that points to a user, and last the users themselves.

    Their order does not matter: PostgreSQL looks whether all pointers lead somewhere when the transaction ends.
    """
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is User and field.column:
                yield model._meta.db_table, field.column
    yield User._meta.db_table, "id"
