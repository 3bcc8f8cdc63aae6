"""What the web tier does for its open streams every few seconds, by a web process that does it every second."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.db import transaction

from server.api import events as of_the_product
from server.apps.actions.queries import database_now
from server.apps.users.models import ApiToken, User
from server.enums.event_kind import EventKind
from server.services.action_queue.accept import accept_user_message
from server.services.event_stream import listen
from server.services.event_stream.append import NewEvent, append, lock_stream
from tests.api.browser import PASSWORD
from tests.api.stream import READ_TIMEOUT_S, stream
from tests.api.web import WebProcess
from tests.conftest import MakeUser
from tests.contracts.sources import ROOT
from tests.processes import wait_until

CONNECTION = ROOT / "client/src/live/connection.ts"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    log = tmp_path_factory.mktemp("hasty") / "web.log"
    with WebProcess(log, application="tests.api.hasty:application") as process:
        yield process


def test_the_page_gives_no_stream_up_that_is_alive() -> None:
    found = re.search(r"\bSILENCE_MS = ([\d_]+);", CONNECTION.read_text(encoding="utf-8"))
    assert found, f"{CONNECTION} does not say how long it waits for a sign"
    assert int(found[1]) > 2 * of_the_product.COMMENT_EVERY_S * 1_000, "a comment may come late"


def test_a_lost_wake_up_costs_less_than_a_test_waits() -> None:
    assert max(listen.LOOK_S, listen.CHECK_S) < READ_TIMEOUT_S


def test_a_quiet_stream_is_kept_open_by_comments(client: httpx.Client, user: User) -> None:
    with stream(client) as events:
        events.next()
        with ThreadPoolExecutor() as pool:
            following = pool.submit(events.next)
            wait_until(lambda: events.comments, "a comment")
            accept_user_message(user, "Hello.")
            following.result()


def test_an_event_whose_wake_up_was_lost_is_told_all_the_same(client: httpx.Client, user: User) -> None:
    with stream(client) as events:
        events.next()
        with transaction.atomic():
            append(lock_stream(user.id), [NewEvent(kind=EventKind.COACH_STATE)])

        assert events.next().id == 1


def sign_out(user: User, browser: httpx.Client) -> None:
    browser.post("auth/logout").raise_for_status()


def let_the_session_expire(user: User, browser: httpx.Client) -> None:
    ended = Session.objects.filter(session_key=browser.cookies["sessionid"])
    assert ended.update(expire_date=database_now()) == 1


def change_the_password(user: User, browser: httpx.Client) -> None:
    user.set_password(f"another {PASSWORD}")
    user.save(update_fields=["password"])


def delete_the_user(user: User, browser: httpx.Client) -> None:
    user.delete()


WAYS_OUT = (sign_out, let_the_session_expire, change_the_password, delete_the_user)


def test_a_stream_ends_with_the_sign_in_that_opened_it(
    web: WebProcess, browser_of: Callable[[User], httpx.Client], make_user: MakeUser, user: User
) -> None:
    signed_in = [(leave, one, browser_of(one)) for leave in WAYS_OUT for one in [make_user()]]
    with ExitStack() as stack:
        staying = [stack.enter_context(stream(one)) for one in (browser_of(user), web.client_of(user))]
        leaving = [stack.enter_context(stream(browser)) for _, _, browser in signed_in]
        program = make_user()
        leaving.append(stack.enter_context(stream(web.client_of(program))))
        for events in staying + leaving:
            events.next()
        for leave, one, browser in signed_in:
            leave(one, browser)
        ApiToken.objects.filter(user=program).delete()

        for events in leaving:
            with pytest.raises(StopIteration):
                events.next()
        accept_user_message(user, "We stay.")
        assert [events.next().event for events in staying] == ["message", "message"]

    assert [browser.get("events").status_code for _, _, browser in signed_in] == [401] * len(signed_in)
