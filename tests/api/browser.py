"""A client that behaves as a browser does."""

import httpx

from server.apps.users.models import User
from tests.api.web import WebProcess

PASSWORD = "a long enough passphrase"  # noqa: S105 (of users that live for one test)


def open_page(web: WebProcess) -> httpx.Client:
    """A browser that has asked who is signed in, and so holds the CSRF cookie."""
    browser = web.client(headers={"Origin": web.url, "Sec-Fetch-Site": "same-origin"})
    browser.get("auth/session").raise_for_status()
    return with_csrf(browser)


def with_csrf(browser: httpx.Client) -> httpx.Client:
    """Send the CSRF cookie's value along, as the client's code does."""
    browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
    return browser


def sign_in(web: WebProcess, user: User) -> httpx.Client:
    """A browser in which the user is signed in."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    browser = open_page(web)
    browser.post("auth/login", json={"email": user.email, "password": PASSWORD}).raise_for_status()
    return with_csrf(browser)
