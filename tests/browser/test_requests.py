"""What the page asks of the server: nothing, while the stream is open."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewPage
from tests.browser.pages import Chat
from tests.browser.people import new_person, say
from tests.browser.stack import Stack

QUIET_MS = 32_000
"""Longer than half a minute; the page gives up a stream that was silent for 40 s."""
LAST = "/healthz"


def test_nothing_is_polled_while_the_stream_is_open(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page)
    asked = requests_of(page)
    focus = chat.state.get_by_role("region", name="In focus")
    for category in (
        "Keeper of Money",
        "Maker of Money",
    ):  # each a sign of life, for more than a minute in all
        say(user, "Look at this.", select_identity_focus={"category": category.lower().replace(" ", "_")})
        expect(focus.get_by_text(category, exact=True)).to_be_visible()
        expect(chat.lines().last).to_contain_text("Done")
        page.clock.run_for(QUIET_MS)
    # What was asked before this is known once this is.
    with page.expect_request(f"**{LAST}"):
        page.evaluate("(path) => void fetch(path)", LAST)
    assert paths_of(asked) == [LAST]


def test_a_conversation_opens_one_stream(new_page: NewPage, stack: Stack) -> None:
    page = new_page(new_person())
    asked = requests_of(page)
    chat = Chat(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    expect(chat.box).to_be_visible()
    assert paths_of(asked).count("/api/v1/events") == 1, paths_of(asked)


def requests_of(page: Page) -> list[Request]:
    """What the page asks for from now on."""
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 (Playwright marks what it calls)
    return asked


def paths_of(requests: list[Request]) -> list[str]:
    return [urlsplit(one.url).path for one in requests]
