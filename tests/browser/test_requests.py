"""What the page asks of the server: nothing, while the stream is open."""

from playwright.sync_api import Request, expect

from tests.browser.conftest import NewPage
from tests.browser.pages import Chat
from tests.browser.people import new_person, say
from tests.browser.stack import Stack

QUIET_MS = 2_500


def test_nothing_is_polled_while_the_stream_is_open(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    chat = Chat(page)
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 (Playwright marks what it calls)
    page.wait_for_timeout(QUIET_MS)
    assert [f"{one.method} {one.url}" for one in asked] == []

    say(user, "Look at money.", select_identity_focus={"category": "keeper_of_money"})
    expect(chat.state.get_by_text("Keeper of Money", exact=True).first).to_be_visible()
    chat.expect_labels("Done")
    assert [f"{one.method} {one.url}" for one in asked] == []


def test_a_conversation_opens_one_stream(new_page: NewPage, stack: Stack) -> None:
    page = new_page(new_person())
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 (Playwright marks what it calls)
    chat = Chat(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    expect(chat.box).to_be_visible()
    streams = [one.url for one in asked if "/api/v1/events" in one.url]
    assert len(streams) == 1, streams
