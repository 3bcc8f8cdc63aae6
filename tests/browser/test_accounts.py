"""Signing up, in and out, and what is said where it does not work."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from server.apps.users.models import User
from server.services.event_stream.listen import CHECK_S
from tests.api.browser import PASSWORD
from tests.browser.chromium import WAIT_MS
from tests.browser.conftest import NewPage
from tests.browser.pages import ANSWER, STATE, Chat, menu, sign_in, sign_up
from tests.browser.people import new_person
from tests.browser.rows import said_by
from tests.browser.stack import Stack
from tests.processes import wait_until


@pytest.fixture
def member(stack: Stack) -> User:
    user = new_person()
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def test_someone_signs_up_and_has_a_first_conversation(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()

    expect(
        page.get_by_role("heading", name="Welcome. This is where you and your coach talk.")
    ).to_be_visible()
    expect(page.get_by_text("The built-in offline coach answers")).to_be_visible()
    page.get_by_role("button", name="Hi, my name is Alex.").click()
    box = page.get_by_role("textbox", name="Your message")
    expect(box).to_be_focused()
    expect(box).to_have_value("Hi, my name is Alex.")
    box.press("Enter")
    expect(page.locator("[data-role=user]")).to_have_count(1)
    expect(page.locator(ANSWER)).to_have_count(1)
    expect(box).to_have_value("")
    done = page.locator("[data-action-id][data-status=succeeded]")
    expect(done.first).to_contain_text("Done")
    beside = page.get_by_role("complementary", name=STATE)
    expect(beside.get_by_text("Name: Alex", exact=True)).to_be_visible()
    assert said_by(User.objects.get(email="ada@example.org")) == ["Hi, my name is Alex."]


def test_someone_signs_out_and_in_again_and_everything_is_there(new_page: NewPage, member: User) -> None:
    page = new_page()
    sign_in(page, member.email, PASSWORD)
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()
    Chat(page).send("list")
    expect(page.locator(ANSWER)).to_have_count(1)
    menu(page, "Sign out")
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    sign_in(page, member.email, PASSWORD)
    expect(page.locator("[data-role=user]")).to_contain_text("list")


def test_a_session_that_ends_elsewhere_is_told_of_and_what_was_typed_is_kept(
    new_page: NewPage, member: User
) -> None:
    page = new_page(member)
    chat = Chat(page)
    chat.box.fill("Half a thought")
    end_session_of(page)

    note = page.get_by_role("main").get_by_text("You are signed out.")
    expect(note).to_be_visible(timeout=WAIT_MS + CHECK_S * 1_000)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("[aria-live]")).to_contain_text("You are signed out.")

    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    fill_in(page, member)
    expect(chat.box).to_have_value("Half a thought")
    expect(page.get_by_text("signed out")).to_have_count(0)


def test_a_message_that_was_not_sent_for_want_of_a_session_is_sent_after_signing_in(
    new_page: NewPage, member: User
) -> None:
    page = new_page(member)
    chat = Chat(page)
    end_session_of(page)
    chat.send("list")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    fill_in(page, member)
    expect(chat.box).to_have_value("list")
    expect(page.get_by_text("signed out")).to_have_count(0)
    chat.box.press("Enter")
    expect(page.locator(ANSWER)).to_have_count(1)
    assert said_by(member) == ["list"]


def end_session_of(page: Page) -> None:
    """As an operator does, or a sign-out with the same session elsewhere."""
    (key,) = (cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    Session.objects.get(session_key=key).delete()


def fill_in(page: Page, member: User) -> None:
    page.get_by_label("Email").fill(member.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_staff_are_led_to_their_pages(new_page: NewPage, member: User) -> None:
    User.objects.filter(id=member.id).update(is_staff=True)
    page = new_page(member)
    Chat(page)
    page.get_by_role("button", name="Your menu").click()
    admin = page.get_by_role("menuitem", name="Admin (in a new tab)")
    with page.context.expect_page() as opened:
        admin.click()
    expect(opened.value).to_have_url(re.compile("/admin/"))
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()


def test_a_page_that_was_asked_for_is_opened_after_signing_in(new_page: NewPage, member: User) -> None:
    page = new_page()
    page.goto("/history?status=dead")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    fill_in(page, member)
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    expect(page.get_by_label("Status")).to_have_value("dead")


def test_a_taken_email_leads_to_signing_in(new_page: NewPage, member: User) -> None:
    page = new_page()
    sign_up(page, member.email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("There is an account with this email already.")
    page.get_by_role("link", name="Sign in instead").click()
    expect(page.get_by_label("Email")).to_have_value(member.email)


def test_a_weak_password_is_refused_with_the_reason(new_page: NewPage) -> None:
    page = new_page()
    sign_up(page, "weak@example.org", "password")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    expect(page.get_by_text("too common")).to_be_visible()


def test_wrong_passwords_are_refused_and_then_lock_the_door(new_page: NewPage, member: User) -> None:
    page = new_page()
    sign_in(page, member.email, "not it")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("do not belong together")
    wait_until(lambda: _try_again(page), "the door to be locked")
    expect(alert).to_contain_text("There were too many tries with a wrong password")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(alert).to_contain_text("There were too many tries with a wrong password")


def _try_again(page: Page) -> bool:
    with page.expect_response("**/auth/login") as answer:
        page.get_by_role("button", name="Sign in").click()
    return answer.value.status == 429
