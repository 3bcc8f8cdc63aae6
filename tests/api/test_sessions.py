"""Signing up, in and out; and the check against forged requests."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.users.models import User
from server.settings import base
from tests.api.browser import PASSWORD, open_page, with_csrf
from tests.api.web import WebProcess
from tests.conftest import MakeUser
from tests.processes import wait_until

Browse = Callable[[User], httpx.Client]
FLOWER = "http://127.0.0.1:5555/"


@pytest.fixture
def member(user: User) -> User:
    """A user with a password."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def credentials(user: User, password: str = PASSWORD) -> dict[str, str]:
    return {"email": user.email, "password": password}


def fresh(name: str) -> dict[str, str]:
    return {"email": f"{name}@signup.example", "password": PASSWORD}


def test_nobody_is_signed_in_at_first(anyone: httpx.Client) -> None:
    answer = anyone.get("auth/session")

    assert answer.json() == {"user": None, "coach": {"provider": "offline"}, "flower_url": None}
    assert anyone.cookies["csrftoken"]


def test_a_new_user_is_signed_in_and_has_a_coach_state(anyone: httpx.Client) -> None:
    answer = anyone.post("auth/signup", json=fresh("new"))

    assert answer.status_code == 201, answer.text
    made = User.objects.get(email="new@signup.example")
    assert answer.json()["user"] == {"id": str(made.id), "email": made.email, "is_staff": False}
    assert anyone.get("auth/session").json() == answer.json()
    assert made.password.startswith("argon2")
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher", "with its own cost"
    assert CoachState.objects.filter(user=made).exists()


def test_an_email_signs_in_however_it_is_typed(anyone: httpx.Client, member: User) -> None:
    answer = anyone.post("auth/login", json={"email": f" {member.email.upper()} ", "password": PASSWORD})

    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["id"] == str(member.id)


def test_signing_out_ends_the_session(browser_of: Browse, user: User) -> None:
    browser = browser_of(user)

    assert browser.post("auth/logout").json()["user"] is None
    assert browser.get("auth/session").json()["user"] is None
    assert browser.get("messages").status_code == 401


def test_signing_in_changes_the_session_and_the_csrf_token(web: WebProcess, member: User) -> None:
    browser = open_page(web)
    first_token = browser.cookies["csrftoken"]
    browser.post("auth/login", json=credentials(member))
    first_session = browser.cookies["sessionid"]
    with_csrf(browser).post("auth/login", json=credentials(member))

    assert browser.cookies["csrftoken"] != first_token
    assert browser.cookies["sessionid"] != first_session
    browser.close()


def test_a_wrong_password_an_unknown_email_and_an_inactive_user_read_the_same(
    anyone: httpx.Client, member: User, make_user: Callable[..., User]
) -> None:
    inactive = make_user(is_active=False, password=PASSWORD)

    answers = [
        anyone.post("auth/login", json=credentials(member, "wrong")),
        anyone.post("auth/login", json=fresh("nobody")),
        anyone.post("auth/login", json=credentials(inactive)),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["detail"] == "The email or the password is wrong."
    assert "sessionid" not in anyone.cookies


@pytest.mark.parametrize("password", ["short", "password", "1234567890", "weak@signup.example"])
def test_a_weak_password_is_refused_with_words(anyone: httpx.Client, password: str) -> None:
    answer = anyone.post("auth/signup", json={"email": "weak@signup.example", "password": password})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"] == ["body", "password"]
    assert "password" in answer.json()["errors"][0]["msg"].lower()
    assert not User.objects.filter(email="weak@signup.example").exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 250 + "@example.org", "a\x00@example.org", 7])
def test_what_is_no_email_is_refused(anyone: httpx.Client, email: object) -> None:
    answer = anyone.post("auth/signup", json={"email": email, "password": PASSWORD})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"] == ["body", "email"]


def test_a_taken_email_is_409_in_any_case(anyone: httpx.Client, user: User) -> None:
    answer = anyone.post("auth/signup", json={"email": user.email.upper(), "password": PASSWORD})

    assert answer.status_code == 409
    assert answer.json()["detail"] == "There is a user with this email already: sign in instead."


def test_of_two_who_take_an_email_at_once_one_gets_it(web: WebProcess) -> None:
    together = threading.Barrier(6)

    def sign_up(_: int) -> int:
        with web.client() as client:
            together.wait()
            return client.post("auth/signup", json=fresh("race")).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(sign_up, range(6))) == [201, 409, 409, 409, 409, 409]


# Forged requests


def test_a_session_changes_nothing_without_the_csrf_token(browser_of: Browse, user: User) -> None:
    browser = browser_of(user)
    del browser.headers["X-CSRFToken"]

    answer = browser.post("messages", json={"content": "Hello."})

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "CSRF" in answer.json()["detail"]
    assert not ChatMessage.objects.filter(user=user).exists()


def test_a_session_with_the_token_may_write(browser_of: Browse, user: User) -> None:
    assert browser_of(user).post("messages", json={"content": "Hello."}).status_code == 201


def test_a_session_may_not_write_from_another_origin(browser_of: Browse, user: User) -> None:
    browser = browser_of(user)

    answer = browser.post("chat/reset", headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_a_session_may_read_without_the_token(browser_of: Browse, user: User) -> None:
    browser = browser_of(user)
    del browser.headers["X-CSRFToken"]

    assert browser.get("messages").status_code == 200


@pytest.mark.parametrize("path", ["auth/login", "auth/signup", "auth/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Referer": "https://elsewhere.example/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Cookie": "sessionid=something"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_page_elsewhere_cannot_sign_its_reader_in(
    anyone: httpx.Client, member: User, path: str, headers: dict[str, str]
) -> None:
    assert anyone.post(path, json=credentials(member), headers=headers).status_code == 403


def test_a_plain_program_may_sign_in(anyone: httpx.Client, member: User) -> None:
    assert anyone.post("auth/login", json=credentials(member)).status_code == 200


def test_a_token_needs_no_csrf_token(client: httpx.Client) -> None:
    headers = {"Origin": "https://elsewhere.example", "Cookie": "sessionid=x"}

    assert client.post("chat/reset", headers=headers).status_code == 204


# Tokens


def test_a_token_says_whose_it_is(client: httpx.Client, user: User) -> None:
    assert client.get("auth/session").json()["user"]["id"] == str(user.id)


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer a b", "bearer wrong"])
def test_a_wrong_token_is_401_even_beside_a_session(browser_of: Browse, user: User, header: str) -> None:
    answer = browser_of(user).get("messages", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_of_a_user_who_is_no_longer_active_is_401(client: httpx.Client, user: User) -> None:
    assert client.get("messages").status_code == 200
    User.objects.filter(id=user.id).update(is_active=False)

    wait_until(lambda: client.get("messages").status_code == 401, "the token is refused")


def test_staff_alone_are_told_where_flower_is(tmp_path: Path, make_user: MakeUser, user: User) -> None:
    def told(client: httpx.Client) -> str | None:
        with client:
            url: str | None = client.get("auth/session").json()["flower_url"]
            return url

    with WebProcess(tmp_path / "web.log", {"COACH_FLOWER_URL": FLOWER}) as web:
        assert told(web.client_of(make_user(is_staff=True))) == FLOWER
        assert told(web.client_of(user)) is None
        assert told(web.client()) is None
