"""The pages as a person sees them: by roles, names and words, not by how they are built."""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from server.apps.actions.models import Action

STATE = "Your progress"
"""The name of what stands beside the chat, or in its drawer."""
ANSWER = "[data-role=coach]:not([data-pending])"


class Chat:
    """The chat page, opened: everything has come, and the stream is there."""

    def __init__(self, page: Page, path: str = "/") -> None:
        self.page = page
        with page.expect_response("**/api/v1/events*"):
            page.goto(path)
        expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def send_button(self) -> Locator:
        return self.page.get_by_role("button", name="Send")

    @property
    def reconnecting(self) -> Locator:
        return self.page.get_by_text("Reconnecting…", exact=True)

    @property
    def state(self) -> Locator:
        """What stands beside the chat."""
        return self.page.get_by_role("complementary", name=STATE)

    def send(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def said(self, role: str) -> Locator:
        """What `user` or `coach` said, a bubble each."""
        return self.page.locator(f"[data-role={role}]")

    def answers(self) -> Locator:
        """What the coach said; not that it is writing."""
        return self.page.locator(ANSWER)

    def expect_said(self, role: str, text: str) -> None:
        expect(self.said(role).filter(has_text=text)).to_have_count(1)

    def unsent(self, text: str) -> Locator:
        """What the user wrote that was not sent, as it stands in the conversation."""
        heading = self.page.get_by_role("heading", name="You, Not sent")
        return self.page.get_by_role("listitem").filter(has=heading).filter(has_text=text)

    def line(self, action: Action) -> Locator:
        return self.page.locator(f'[data-action-id="{action.id}"]')

    def lines(self) -> Locator:
        return self.page.locator("[data-action-id]")

    def expect_labels(self, *labels: str) -> None:
        """The lines begin with these, in order."""
        expect(self.lines()).to_contain_text([re.compile(f"^{re.escape(label)}") for label in labels])


def sign_up(page: Page, email: str, password: str) -> None:
    _fill(page, "/sign-up", "Sign up", email, password)


def sign_in(page: Page, email: str, password: str) -> None:
    _fill(page, "/sign-in", "Sign in", email, password)


def _fill(page: Page, path: str, name: str, email: str, password: str) -> None:
    page.goto(path)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=name).click()


def opened_state(page: Page) -> Locator:
    """What stands beside the chat; where there is no room for that, in its drawer, which is opened."""
    button = page.get_by_role("button", name=STATE)
    beside = page.get_by_role("complementary", name=STATE)
    expect(button.or_(beside)).to_be_visible()
    if beside.is_visible():
        return beside
    button.click()
    return page.get_by_role("dialog", name=STATE)


def menu(page: Page, item: str) -> None:
    """Choose from the user's menu."""
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name=item).click()


def note_what_is_announced(page: Page) -> None:
    """From now on; `announced` has it."""
    region = page.locator("[aria-live]")
    expect(region).to_have_attribute("aria-live", "polite")
    region.evaluate(
        """(region) => {
          window.announced = [];
          new MutationObserver(() => region.textContent && window.announced.push(region.textContent))
            .observe(region, {childList: true, characterData: true, subtree: true});
        }"""
    )


def announced(page: Page) -> Sequence[str]:
    """What was said to those who listen to the page, each with what is said at once."""
    said: Sequence[str] = page.evaluate("announced")
    return said


def expect_no_sideways_scrolling(page: Page) -> None:
    """Nothing reaches beyond the window; what does is named."""
    wide: Sequence[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > width + 0.5)
            .map((element) => element.outerHTML.slice(0, 160));
        }"""
    )
    assert wide == [], "these reach beyond the window:\n" + "\n".join(wide[:8])
