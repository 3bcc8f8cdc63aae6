"""A request that is sent again is answered again, and done once.

Whoever needs both locks the user's stream first and the key's row then, as a reset does, whose deleted messages are
taken out of their keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.users.models import User
from server.services.event_stream.append import lock_stream

LEASE_S = 15.0
"""How long a request under way is believed to be alive without a sign of life; it gives one every `RENEW_S`."""

RENEW_S = 3.0
"""And how long a turn may go on that was overtaken."""

WAITING_S = 3.0
"""How long a request that waits for another one's end keeps its place without asking again."""


class KeyReused(Exception):
    """The idempotency key was used before, with another request: use a new key for a new request."""

    def __str__(self) -> str:
        return self.args[0] if self.args else str(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRequest:
    """A request that bears an idempotency key: who sent it, and what it asks."""

    caller: User
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The request was answered before: the answer's text."""

    answer: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Another request of the user is being answered at this moment, by the same key or another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to answer a request, until another one takes it over."""

    row_id: int
    holder: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The request is ours to answer; the user's message is stored."""

    user_message: ChatMessage
    lease: Lease


def digest_of(*parts: str) -> str:
    """What tells one request from another: the endpoint, its target, the body."""
    return sha256("\x1f".join(parts).encode()).hexdigest()


def answer_once(request: KeyedRequest | None, user: User, answer: Callable[[], str]) -> str:
    """The answer's text, made and stored in one transaction with what `answer` stores; or the first one again.

    `user` is the one for whom it stores. A second request with the key waits until the first one's transaction ends.
    Raises `KeyReused`.
    """
    with transaction.atomic():
        if request is None:
            return answer()
        lock_stream(user.id)
        row = _locked_row(request)
        if row.answer is None:
            row.answer = answer()
            row.save(update_fields=["answer"])
        return row.answer


def open_request(request: KeyedRequest, store: Callable[[], ChatMessage]) -> Opened | Answered | UnderWay:
    """Begin to answer a request that takes time: `store` the user's message, unless an earlier try did.

    A user has one such request under way, and the others wait in the order in which they came, for as long as they ask
    again. Runs in the caller's transaction, which holds the user's stream. Raises `KeyReused`.
    """
    row = _locked_row(request)
    if row.answer is not None:
        return Answered(row.answer)
    if _goes_first(row).exists():
        _wait_in_place(row)
        return UnderWay()
    lease = Lease(row_id=row.pk, holder=uuid4())
    message = row.user_message or store()
    IdempotencyKey.objects.filter(pk=row.pk).update(
        holder=lease.holder, user_message=message, expires_at=_end_of_lease()
    )
    return Opened(user_message=message, lease=lease)


def renew(lease: Lease) -> bool:
    """Say that the request is still being answered. False where it is not any more: it was taken over or abandoned."""
    return _held(lease).update(expires_at=_end_of_lease()) == 1


def _end_of_lease() -> CombinedExpression:
    return Now() + timedelta(seconds=LEASE_S)


def give_up(lease: Lease) -> None:
    """Let the next request with the key take over at once, even if `renew` comes late."""
    _held(lease).update(holder=None, expires_at=Now())


def abandon(user: User) -> None:
    """Let what is under way for the user come to nothing."""
    _open(user).update(holder=None, expires_at=Now())


def close_request(lease: Lease, answer: str) -> bool:
    """Store the answer, in the caller's transaction. False where another request has taken over: store nothing."""
    return _held(lease).update(answer=answer) == 1


def _held(lease: Lease) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(pk=lease.row_id, holder=lease.holder, answer=None)


def _open(user: User) -> QuerySet[IdempotencyKey]:
    """The user's requests that are being answered or wait, this one among them."""
    return IdempotencyKey.objects.filter(user=user, answer=None, expires_at__gt=Now())


def _goes_first(row: IdempotencyKey) -> QuerySet[IdempotencyKey]:
    """What is being answered, were it this request, and what waits since before it came."""
    return _open(row.user).filter(Q(holder__isnull=False) | Q(pk__lt=row.pk))


def _wait_in_place(row: IdempotencyKey) -> None:
    """Keep the request's place, unless it is the one that is being answered."""
    nobody_answers = Q(holder=None) | Q(expires_at__lte=Now())
    waiting = IdempotencyKey.objects.filter(nobody_answers, pk=row.pk)
    waiting.update(holder=None, expires_at=Now() + timedelta(seconds=WAITING_S))


def _locked_row(request: KeyedRequest) -> IdempotencyKey:
    """The key's row, made where there is none; who inserts it second waits here for the first.

    One that was pruned as too old in this very moment is made again.
    """
    row = None
    while row is None:
        new = IdempotencyKey(user=request.caller, key=request.key, digest=request.digest)
        IdempotencyKey.objects.bulk_create([new], ignore_conflicts=True)
        row = IdempotencyKey.objects.select_for_update().filter(user=request.caller, key=request.key).first()
    if row.digest != request.digest:
        raise KeyReused
    return row
