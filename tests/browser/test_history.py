"""The history: every action of the user, found again by type, status and text."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from server.apps.users.models import User
from tests.browser.conftest import NewPage
from tests.browser.pages import Chat
from tests.browser.people import FIVE, NOBODY, new_person, say
from tests.browser.rows import actions_of
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane

MANY = 120


@pytest.fixture
def user(stack: Stack) -> User:
    """Someone with six actions of several kinds and ends."""
    user = new_person()
    say(user, "All of that.", **FIVE)
    say(user, "And that.", accept_identity={"identity_id": NOBODY})
    wait_for_lane(user)
    return user


def opened(page: Page, path: str = "/history") -> Locator:
    """The entries of the history."""
    page.goto(path)
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    return page.locator("[data-action-id]")


def test_the_newest_is_first(new_page: NewPage, user: User) -> None:
    entries = opened(new_page(user))
    expect(entries).to_contain_text([action.label for action in reversed(actions_of(user))])


def test_filters_by_status_type_and_text(new_page: NewPage, user: User) -> None:
    page = new_page(user)
    entries = opened(page)
    expect(entries).to_have_count(6)
    page.get_by_label("Status").select_option("Refused")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Accept an identity")
    page.get_by_label("Status").select_option("Done")
    expect(entries).to_have_count(4)
    page.get_by_label("Type").select_option("Create an identity")
    expect(entries).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(entries).to_have_count(6)
    page.get_by_label("Text").fill("GARDENER")
    expect(entries).to_have_count(1)
    expect(page).to_have_url(re.compile("q=GARDENER"))
    page.reload()
    expect(entries).to_have_count(1)
    page.get_by_label("Text").fill("nothing has this in it")
    expect(entries).to_have_count(0)


def test_details_show_parameters_timings_and_the_way_to_the_message(new_page: NewPage, user: User) -> None:
    page = new_page(user)
    entries = opened(page, "/history?action_type=create_identity")
    entries.get_by_role("button", name="Details of Create an identity").click()
    for words in ("Roses by moonlight.", "Passions and Talents", "Ended"):
        expect(entries.get_by_text(words).first).to_be_visible()
    entries.get_by_role("link", name="Show its message in the chat").click()
    expect(page).to_have_url(re.compile(r"/\?message="))
    expect(page.locator("[data-highlighted]")).to_contain_text("All of that.")


def test_what_happens_is_shown_as_it_happens(new_page: NewPage, user: User, stack: Stack) -> None:
    entries = opened(new_page(user))
    expect(entries).to_have_count(6)
    with stack.pace.held():
        (action,) = say(user, "One more.", add_user_note={"note": "Likes maps."}).actions
        expect(entries).to_have_count(7)
        expect(entries.first).to_contain_text("Running")
    expect(entries.first).to_contain_text("Done")
    expect(entries.first).to_have_attribute("data-action-id", str(action.id))


def test_many_actions_come_page_by_page(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    for number in range(MANY):
        say(user, f"Note {number}.", add_user_note={"note": f"Note {number}."})
    wait_for_lane(user, timeout_s=60)
    page = new_page(user)
    entries = opened(page)
    expect(entries.first).to_contain_text(f"Note {MANY - 1}")
    more = page.get_by_role("button", name=re.compile("earlier|more|older", re.IGNORECASE))
    while entries.count() < MANY:
        before = entries.count()
        more.click()
        expect(entries.nth(before)).to_be_visible()
    expect(entries).to_have_count(MANY)
    expect(entries.last).to_contain_text("Note 0")

    chat = Chat(page)
    bubbles = chat.said("coach")
    expect(bubbles.last).to_contain_text(f"Note {MANY - 1}.")
    while bubbles.filter(has_text=re.compile(r"Note 0\.")).count() == 0:
        before = bubbles.count()
        page.get_by_label("Conversation").evaluate("(viewport) => viewport.scrollTo(0, 0)")
        expect(bubbles.nth(before)).to_be_attached()
    expect(bubbles).to_have_count(MANY)
