"""Lists in parts, by an opaque cursor."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema
from pydantic import BaseModel

from server.api import schemas
from server.api.problems import Invalid

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_CURSOR = 1_500
"""A scenario's name may be in it."""
LARGEST = 2**63 - 1

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item", bound=BaseModel)


class Paging(Schema):
    """`?limit=` and `?cursor=`."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many at most.")] = DEFAULT_LIMIT
    cursor: Annotated[
        str | None, Field(max_length=MAX_CURSOR, description="The last answer's `next_cursor`.")
    ] = None


@dataclass(frozen=True, slots=True)
class Order:
    """A total order of a list's rows: what a cursor keeps of a row, and which rows come after it.

    `name` marks the list's cursors, so that no other list takes them.
    """

    name: str
    order_by: tuple[str, ...]
    key: Callable[[Any], list[Any]]
    after: Callable[[list[Any]], Q]


def _after_seq(key: list[Any]) -> Q:
    (seq,) = key
    if not isinstance(seq, int) or not 0 <= seq <= LARGEST:
        raise ValueError(seq)
    return Q(seq__lt=seq)


def _after_age(key: list[Any]) -> Q:
    created_at, row_id = _age(key)
    return Q(created_at__gt=created_at) | Q(created_at=created_at, id__gt=row_id)


def _before_age(key: list[Any]) -> Q:
    created_at, row_id = _age(key)
    return Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=row_id)


def _age(key: list[Any]) -> tuple[datetime, UUID]:
    created_at, row_id = datetime.fromisoformat(key[0]), UUID(key[1])
    if created_at.tzinfo is None:
        raise ValueError(key)
    return created_at, row_id


def newest_first(name: str) -> Order:
    """By falling `seq`."""
    return Order(name, ("-seq",), lambda row: [row.seq], _after_seq)


def oldest_first(name: str) -> Order:
    """By age, then id."""
    return Order(name, ("created_at", "id"), _age_of, _after_age)


def newest_by_age(name: str) -> Order:
    """The youngest first, then by id."""
    return Order(name, ("-created_at", "-id"), _age_of, _before_age)


def _age_of(row: Any) -> list[str]:
    return [row.created_at.isoformat(), str(row.id)]


def part_of(rows: QuerySet[Row], order: Order, paging: Paging) -> tuple[list[Row], str | None]:
    """The rows that the paging asks for, and the cursor of the next part. Raises `Invalid` for a bad cursor."""
    if paging.cursor is not None:
        rows = rows.filter(_after(order, paging.cursor))
    found = list(rows.order_by(*order.order_by)[: paging.limit + 1])
    part = found[: paging.limit]
    return part, _cursor(order, part[-1]) if len(found) > len(part) else None


def page_of(
    rows: QuerySet[Row], order: Order, paging: Paging, show: Callable[[Row], Item]
) -> schemas.Page[Item]:
    """One page of the list."""
    part, next_cursor = part_of(rows, order, paging)
    return schemas.Page(items=[show(row) for row in part], next_cursor=next_cursor)


def _cursor(order: Order, row: Model) -> str:
    text = json.dumps([order.name, *order.key(row)], ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(order: Order, cursor: str) -> Q:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return order.after(_key(order, json.loads(urlsafe_b64decode(padded.encode()))))
    except (ValueError, TypeError, IndexError, RecursionError) as error:
        raise Invalid(
            ["query", "cursor"], "is no cursor of this list: use an answer's `next_cursor`"
        ) from error


def _key(order: Order, decoded: Any) -> list[Any]:
    if not isinstance(decoded, list) or decoded[:1] != [order.name]:
        raise ValueError(decoded)
    return decoded[1:]
