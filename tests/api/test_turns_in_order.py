"""What a user says while the coach answers is answered in its order, and leaves nothing behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import transaction

from server.apps.chat_messages.models import ChatMessage, IdempotencyKey
from server.apps.users.models import User
from server.services.action_queue.accept import accept_user_message
from server.services.action_queue.idempotency import (
    KeyedRequest,
    Opened,
    UnderWay,
    give_up,
    open_request,
    renew,
)
from tests.api.web import WebProcess
from tests.model_coach.played import Model
from tests.processes import wait_until

MANY = 6

pytestmark = pytest.mark.usefixtures("model")


@pytest.fixture(scope="module")
def webs(models: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WebProcess, WebProcess]]:
    """Two of the same system."""
    logs = tmp_path_factory.mktemp("order")
    with (
        WebProcess(logs / "one.log", models.server.environment) as one,
        WebProcess(logs / "other.log", models.server.environment) as other,
    ):
        yield one, other


def say(web: WebProcess, user: User, text: str, key: str | None) -> int:
    headers = {} if key is None else {"Idempotency-Key": key}
    with web.client_of(user) as client:
        answer: httpx.Response = client.post("messages", json={"content": text}, headers=headers)
    return answer.status_code


def said(user: User) -> list[str]:
    return list(
        ChatMessage.objects.filter(user=user, role="user").order_by("seq").values_list("content", flat=True)
    )


def opened(user: User, key: str) -> Opened | UnderWay:
    with transaction.atomic():
        request = KeyedRequest(caller=user, key=key, digest="of " + key)
        found = open_request(request, lambda: accept_user_message(user, key, key))
    assert isinstance(found, Opened | UnderWay)
    return found


@pytest.mark.parametrize("is_named", [True, False], ids=["with keys", "without keys"])
def test_many_at_once_are_answered_in_the_order_in_which_they_came_by_whichever_process(
    webs: tuple[WebProcess, WebProcess], models: Model, user: User, is_named: bool
) -> None:
    rows = IdempotencyKey.objects.filter(user=user)
    texts = [str(number) for number in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool, models.thinking() as answer:
        answers = []
        for number, text in enumerate(texts):
            key = f"key {text}" if is_named else None
            answers.append(pool.submit(say, webs[number % 2], user, text, key))
            wait_until(lambda count=number + 1: rows.count() == count, "it has a place")  # type: ignore[misc]
        answer()
        assert [one.result() for one in answers] == [201] * MANY
    assert said(user) == texts
    assert rows.count() == MANY, "each has left one row, however long it waited"


def test_a_request_that_is_not_asked_for_again_loses_its_place(user: User) -> None:
    first = opened(user, "first")
    assert isinstance(first, Opened)
    assert isinstance(opened(user, "gone"), UnderWay)
    assert isinstance(opened(user, "last"), UnderWay)
    give_up(first.lease)
    assert isinstance(opened(user, "last"), UnderWay), "one that came before has its place"
    IdempotencyKey.objects.filter(user=user, key="gone").update(expires_at="2020-01-01T00:00:00Z")
    assert isinstance(opened(user, "last"), Opened)


def test_a_second_try_of_what_is_being_answered_takes_nothing_from_the_first(user: User) -> None:
    first = opened(user, "one")
    assert isinstance(first, Opened)
    assert isinstance(opened(user, "one"), UnderWay)
    row = IdempotencyKey.objects.get(user=user)
    assert row.holder == first.lease.holder


def test_a_lease_that_was_given_up_is_not_revived_by_a_renewal_that_comes_late(user: User) -> None:
    first = opened(user, "one")
    assert isinstance(first, Opened)
    give_up(first.lease)
    renew(first.lease)
    assert isinstance(opened(user, "one"), Opened)
