"""A page that cannot be drawn or loaded, a session that has ended: nothing that was typed is lost."""

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser.conftest import NewPage, NewWindow
from tests.browser.pages import ANSWER, Chat, menu
from tests.browser.people import new_person
from tests.browser.rows import answers_to, said_by
from tests.browser.stack import Stack
from tests.browser.test_sending import MESSAGES, is_sending
from tests.browser.watch import Watch
from tests.processes import wait_until

PART_OF_THE_HISTORY = "**/assets/HistoryPage*.js"


def test_a_page_that_cannot_be_loaded_says_so_and_loses_no_word(
    new_page: NewPage, stack: Stack, watch: Watch
) -> None:
    page = new_page(new_person())
    chat = Chat(page)
    chat.box.fill("Half a thought")
    page.route(PART_OF_THE_HISTORY, lambda route: route.abort())
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="This page did not work.")).to_be_visible()
    watch.forgive()
    page.unroute(PART_OF_THE_HISTORY)
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    expect(chat.box).to_have_value("Half a thought")


def test_a_message_stays_in_sight_while_the_conversation_cannot_be_loaded(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    page = new_page(user)
    page.route(MESSAGES, lambda route: route.fallback() if is_sending(route.request) else route.abort())
    page.goto("/")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    box = page.get_by_role("textbox", name="Your message")
    box.fill("Is anybody there?")
    box.press("Enter")
    wait_until(lambda: bool(answers_to(user)), "the coach answers")
    expect(page.get_by_text("The coach has answered.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Is anybody there?")).to_be_visible()
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Is anybody there?")).to_be_visible()
    expect(again).to_be_visible()
    page.unroute(MESSAGES)
    again.click()
    expect(page.locator(ANSWER)).to_have_count(1)
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(page.get_by_role("region", name="Conversation")).to_be_focused()
    assert said_by(user) == ["Is anybody there?"]


def test_a_session_that_has_ended_asks_to_sign_in_and_keeps_the_message(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    page = new_page(user)
    chat = Chat(page)
    session = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    chat.box.fill("Is anybody there?")
    Session.objects.filter(session_key=session).delete()
    # Wherever the focus is: the page may just have heard that the session has ended.
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    page.context.add_cookies(stack.cookies_of(user))
    Chat(page)
    expect(chat.box).to_have_value("Is anybody there?")
    expect(page.get_by_role("alert")).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.answers()).to_have_count(1)
    assert said_by(user) == ["Is anybody there?"]


def test_signing_out_in_one_tab_signs_out_the_others(new_window: NewWindow, stack: Stack) -> None:
    window = new_window(new_person())
    one, other = (Chat(window.new_page()) for _ in range(2))
    menu(one.page, "Sign out")
    for chat in (one, other):
        expect(chat.page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
