"""Too many failed sign-ins lock an email out, for the address from which they came, for a while."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from types import MappingProxyType

import httpx
import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.management import call_command
from django.db.models import F
from django.test import RequestFactory

from server.api.lockout import address_of
from server.apps.users.models import User
from tests.api.browser import PASSWORD
from tests.api.stream import stream
from tests.api.web import WebProcess
from tests.conftest import MakeUser

LIMIT = 10
LOCKED_FOR_S = 15 * 60
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def member(make_user: MakeUser) -> User:
    return make_user(password=PASSWORD)


def sign_in(
    client: httpx.Client, email: str, password: str = PASSWORD, headers: Mapping[str, str] = NO_HEADERS
) -> httpx.Response:
    return client.post("auth/login", json={"email": email, "password": password}, headers=headers)


def fail(
    client: httpx.Client, email: str, times: int = 1, headers: Mapping[str, str] = NO_HEADERS
) -> list[int]:
    return [sign_in(client, email, "wrong", headers).status_code for _ in range(times)]


def let_time_pass(user: User, seconds: float) -> None:
    """The failures happened so much earlier."""
    attempts = AccessAttempt.objects.filter(username=user.email)
    assert attempts.update(attempt_time=F("attempt_time") - timedelta(seconds=seconds))


def test_the_tenth_failure_locks_out_and_says_for_how_long(anyone: httpx.Client, member: User) -> None:
    assert fail(anyone, member.email, LIMIT - 1) == [401] * (LIMIT - 1)

    for answer in (sign_in(anyone, member.email, "wrong"), sign_in(anyone, member.email)):
        assert answer.status_code == 429
        assert answer.headers["content-type"] == "application/problem+json"
        assert LOCKED_FOR_S - 60 <= int(answer.headers["retry-after"]) <= LOCKED_FOR_S
        assert answer.json() == {
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "detail": "Too many failed sign-ins for this email. Try again in 15 minutes.",
        }
    assert "sessionid" not in anyone.cookies


def test_it_ends_by_itself_and_tries_meanwhile_do_not_lengthen_it(anyone: httpx.Client, member: User) -> None:
    fail(anyone, member.email, LIMIT)
    let_time_pass(member, LOCKED_FOR_S - 30)
    locked = sign_in(anyone, member.email)
    let_time_pass(member, 30)

    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) <= 30
    assert locked.json()["detail"].endswith("Try again in 1 minute.")
    assert sign_in(anyone, member.email).status_code == 200


def test_a_success_clears_the_count(anyone: httpx.Client, member: User) -> None:
    fail(anyone, member.email, LIMIT - 1)
    assert sign_in(anyone, member.email).status_code == 200
    anyone.cookies.clear()

    assert fail(anyone, member.email, LIMIT - 1) == [401] * (LIMIT - 1)
    assert sign_in(anyone, member.email).status_code == 200


def test_an_email_is_counted_however_it_is_typed_and_whatever_program_sends_it(
    anyone: httpx.Client, member: User
) -> None:
    spellings = [member.email, member.email.upper(), f"  {member.email.title()} "]
    for number in range(LIMIT):
        sign_in(anyone, spellings[number % 3], "wrong", {"User-Agent": f"program {number}"})

    answer = sign_in(anyone, member.email)

    assert answer.status_code == 429
    assert LOCKED_FOR_S - 60 <= int(answer.headers["retry-after"]) <= LOCKED_FOR_S


def test_an_email_that_nobody_has_is_locked_out_all_the_same(anyone: httpx.Client) -> None:
    assert fail(anyone, "nobody@lockout.example", LIMIT + 1) == [401] * (LIMIT - 1) + [429] * 2


def test_others_and_other_addresses_are_not_locked_out(
    anyone: httpx.Client, member: User, make_user: MakeUser
) -> None:
    other = make_user(password=PASSWORD)
    attacker = {"X-Forwarded-For": "203.0.113.7"}
    fail(anyone, member.email, LIMIT, attacker)

    assert sign_in(anyone, member.email, headers=attacker).status_code == 429
    assert sign_in(anyone, other.email, headers=attacker).status_code == 200
    anyone.cookies.clear()
    assert sign_in(anyone, member.email).status_code == 200


def test_who_is_signed_in_already_and_who_has_a_token_notice_nothing(
    anyone: httpx.Client, web: WebProcess, browser_of: Callable[[User], httpx.Client], member: User
) -> None:
    browser = browser_of(member)
    fail(anyone, member.email, LIMIT)

    assert browser.get("messages").status_code == 200
    with web.client_of(member) as program, stream(program) as events:
        assert events.next().event == "hello"
        assert program.get("auth/session").json()["user"]["email"] == member.email


def test_failures_at_once_are_all_counted(web: WebProcess, member: User) -> None:
    def try_once(_: int) -> int:
        with web.client() as client:
            return fail(client, member.email)[0]

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(try_once, range(LIMIT)))

    assert answers <= {401, 429}
    with web.client() as client:
        assert sign_in(client, member.email).status_code == 429


def test_what_is_over_is_removed_and_nothing_is_kept_of_a_success(
    anyone: httpx.Client, member: User, make_user: MakeUser
) -> None:
    others = [make_user(password=PASSWORD) for _ in range(2)]
    for tries, someone in ((LIMIT, member), (1, others[0])):
        fail(anyone, someone.email, tries)
        let_time_pass(someone, LOCKED_FOR_S + 1)

    assert sign_in(anyone, others[1].email).status_code == 200

    gone = [member.email, others[0].email]
    assert not AccessAttempt.objects.filter(username__in=gone).exists()
    assert not AccessLog.objects.exists()


def test_an_operator_ends_it(anyone: httpx.Client, member: User) -> None:
    fail(anyone, member.email, LIMIT)

    call_command("axes_reset_username", member.email, stdout=StringIO())

    assert sign_in(anyone, member.email).status_code == 200


def test_no_password_is_kept_of_a_failure(anyone: httpx.Client, member: User) -> None:
    fail(anyone, member.email)

    (attempt,) = AccessAttempt.objects.filter(username=member.email)

    assert (attempt.get_data, attempt.post_data) == ("", "")


@pytest.mark.parametrize("email", ["İ" * 254, "%", "\u202e@example.org", "a" * 254])
def test_any_email_may_be_tried(anyone: httpx.Client, email: str) -> None:
    assert fail(anyone, email, LIMIT) == [401] * (LIMIT - 1) + [429]


@pytest.mark.parametrize("forwarded", ["fe80::1%eth0", "not an address", "1.2.3.4:8000", "2001:db8::1", ""])
def test_a_sign_in_from_any_address_is_answered(anyone: httpx.Client, member: User, forwarded: str) -> None:
    assert fail(anyone, member.email, headers={"X-Forwarded-For": forwarded}) == [401]


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix:", "::"),
        ("", "::"),
    ],
)
def test_a_client_is_known_by_its_address_or_by_its_network(told: str, counted: str) -> None:
    assert address_of(RequestFactory().post("/", REMOTE_ADDR=told)) == counted


# The admin site


@contextmanager
def open_admin(web: WebProcess) -> Iterator[httpx.Client]:
    """A browser that shows the admin site's form."""
    with httpx.Client(base_url=web.url, timeout=30, headers={"Referer": web.url}) as client:
        client.get("/admin/login/").raise_for_status()
        yield client


def sign_in_to_admin(client: httpx.Client, email: str, password: str = PASSWORD) -> httpx.Response:
    form = {"username": email, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    return client.post("/admin/login/", data=form)


def test_the_admin_site_locks_out_with_a_page_and_by_the_same_count(
    web: WebProcess, anyone: httpx.Client, make_user: MakeUser
) -> None:
    staff = make_user(password=PASSWORD, is_staff=True, is_superuser=True)
    fail(anyone, staff.email, 4)
    with open_admin(web) as admin:
        wrong = [sign_in_to_admin(admin, staff.email.upper(), "wrong") for _ in range(LIMIT - 4)]
        locked = sign_in_to_admin(admin, staff.email)

    assert [answer.status_code for answer in wrong] == [200] * (LIMIT - 5) + [429]
    assert "Please enter the correct email" in wrong[0].text
    assert locked.status_code == 429
    assert locked.headers["content-type"].startswith("text/html")
    assert 0 < int(locked.headers["retry-after"]) <= LOCKED_FOR_S
    assert "Too many failed sign-ins for this email. Try again in 15 minutes." in locked.text
    assert "sessionid" not in locked.cookies
    assert sign_in(anyone, staff.email).status_code == 429

    let_time_pass(staff, LOCKED_FOR_S + 1)
    with open_admin(web) as admin:
        assert sign_in_to_admin(admin, staff.email).status_code == 302


def test_the_admin_sites_form_leaves_neither_password_nor_token(web: WebProcess, member: User) -> None:
    with open_admin(web) as admin:
        sign_in_to_admin(admin, member.email, "a wrong secret")
        sign_in_to_admin(admin, member.email, "another wrong secret")

    (attempt,) = AccessAttempt.objects.filter(username=member.email)
    assert "secret" not in attempt.post_data
    assert "csrfmiddlewaretoken=*" in attempt.post_data
