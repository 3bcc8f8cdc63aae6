"""Everyone can use every page: with a keyboard alone, on a phone, in light and dark, and by axe's rules."""

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from server.apps.users.models import User
from tests.browser.axe import SETTLED, problems_of
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import NewPage
from tests.browser.focus import left_out, walk
from tests.browser.pages import Chat, expect_no_sideways_scrolling
from tests.browser.people import new_person, person_with_a_life
from tests.browser.rows import said_by, wait_while_open
from tests.browser.shots import SHOTS, Shot, sight
from tests.browser.stack import Stack

MOST_TABS = 40


@pytest.fixture(scope="module")
def someone(stack: Stack) -> User:
    """Someone of whom every page has something to show."""
    return person_with_a_life(stack)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("shot", SHOTS, ids=str)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: NewPage, stack: Stack, someone: User, shot: Shot, viewport: ViewportSize
) -> None:
    page = new_page(shot.visitor(someone), viewport=viewport, has_touch=viewport is PHONE)
    with sight(page, shot, stack):
        expect_no_sideways_scrolling(page)
        light = problems_of(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
        dark = problems_of(page)
    assert [*light, *dark] == [], "\n".join(["in light:", *light, "in dark:", *dark])


def test_everything_can_be_done_with_the_keyboard_alone(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    chat = Chat(page)
    expect(chat.box).to_be_focused()
    page.keyboard.type("list")
    page.keyboard.press("Enter")
    wait_while_open(page, lambda: said_by(user) == ["list"], "the message is stored")
    expect(chat.box).to_be_focused()

    page.goto("/history")
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Text")).to_be_focused()

    page.goto("/")
    names = page.get_by_role("button", name="Name all phases")
    tab_to(page, names)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hide the names")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="History"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Your menu"))
    page.keyboard.press("Enter")
    reset = page.get_by_role("menuitem", name="Reset the chat…")
    arrow_to(page, reset)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Reset the chat?")
    expect(dialog.get_by_role("button", name="Keep everything")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Your menu")).to_be_focused()

    page.keyboard.press("Enter")
    arrow_to(page, page.get_by_role("menuitem", name="Sign out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Find out who you are")).to_be_focused()
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Sign in"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["state", "details", "uploads", "scenario", "replay-differs"])
def test_tab_leads_to_everything_and_the_focus_is_always_seen(
    new_page: NewPage, stack: Stack, someone: User, name: str, scheme: str
) -> None:
    (shot,) = (shot for shot in SHOTS if shot.name == name)
    page = new_page(shot.visitor(someone), color_scheme=scheme)
    with sight(page, shot, stack):
        stops = list(walk(page))
        assert left_out(page) == [], "Tab does not lead to these"
    unseen = [stop for stop in stops if not stop.is_seen]
    assert unseen == [], "these show no focus"


@pytest.mark.parametrize(
    ("path", "button"),
    [("/history?status=succeeded", "Clear"), ("/history?q=nothing+has+this+in+it", "Show everything")],
)
def test_taking_the_filters_back_keeps_the_focus_on_the_page(
    new_page: NewPage, someone: User, path: str, button: str
) -> None:
    page = new_page(someone)
    page.goto(path)
    taking_back = page.get_by_role("button", name=button)
    tab_to(page, taking_back)
    page.keyboard.press("Enter")
    expect(taking_back).to_have_count(0)
    expect(page.get_by_role("heading", name="History", level=1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Text")).to_be_focused()


def test_colours_change_at_once_where_nothing_may_move(new_page: NewPage, someone: User) -> None:
    page = new_page(someone)
    Chat(page)
    expect(page.locator("[data-action-id]").first).to_be_visible()
    page.evaluate(WATCH_TRANSITIONS)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.evaluate(SETTLED)
    assert page.evaluate("() => window.transitions") == []


WATCH_TRANSITIONS = """() => {
  window.transitions = [];
  document.addEventListener("transitionrun", ({ target, propertyName }) => {
    window.transitions.push(`${propertyName} of ${target.outerHTML.slice(0, 120)}`);
  });
}"""


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1920])
def test_no_width_makes_the_chat_scroll_sideways(
    new_page: NewPage, stack: Stack, someone: User, width: int
) -> None:
    page = new_page(someone, viewport={"width": width, "height": 800})
    Chat(page)
    expect(page.locator("[data-action-id]").first).to_be_visible()
    expect_no_sideways_scrolling(page)


def tab_to(page: Page, target: Locator) -> None:
    _press_until_focused(page, target, "Tab")


def arrow_to(page: Page, target: Locator) -> None:
    expect(target).to_be_visible()
    _press_until_focused(page, target, "ArrowDown")


def _press_until_focused(page: Page, target: Locator, key: str) -> None:
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")
