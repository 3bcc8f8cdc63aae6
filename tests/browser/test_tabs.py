"""Several pages of one user, and one that slept."""

from playwright.sync_api import expect

from tests.browser.conftest import NewPage, NewWindow
from tests.browser.line import Line
from tests.browser.pages import Chat, menu
from tests.browser.people import FIVE, new_person, say
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane

A_NIGHT_MS = 8 * 3_600_000


def test_two_tabs_agree(new_window: NewWindow, stack: Stack) -> None:
    user = new_person()
    window = new_window(user)
    one, other = (Chat(window.new_page()) for _ in range(2))
    stack.script.say("For both of you.", **FIVE)
    one.send("Do you see this?")
    for chat in (one, other):
        chat.expect_said("user", "Do you see this?")
        chat.expect_said("coach", "For both of you.")
        chat.expect_labels("Done", "Done", "Done", "Done", "Nothing to do")
        expect(chat.state.get_by_role("article", name="Night Gardener")).to_be_visible()
    other.send("list")
    one.expect_said("user", "list")


def test_two_browsers_agree_and_a_reset_clears_both(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    one, other = (Chat(new_page(user)) for _ in range(2))
    say(user, "A note for both.", add_user_note={"note": "Has two cats."})
    for chat in (one, other):
        chat.expect_labels("Done")
    menu(one.page, "Reset the chat…")
    dialog = one.page.get_by_role("dialog", name="Reset the chat?")
    dialog.get_by_role("button", name="Keep everything").click()
    expect(dialog).to_have_count(0)
    one.expect_said("coach", "A note for both.")
    menu(one.page, "Reset the chat…")
    dialog.get_by_role("button", name="Reset the chat").click()
    for chat in (one, other):
        expect(
            chat.page.get_by_role("heading", name="Welcome. This is where you and your coach talk.")
        ).to_be_visible()
        expect(chat.state.get_by_text("Has two cats.")).to_have_count(0)


def test_a_page_that_slept_catches_up(new_page: NewPage, line: Line) -> None:
    """A laptop that sleeps runs nothing, and its connections are dead when it wakes, of which nobody tells it."""
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page, f"{line.url}/")
    line.lose()
    say(user, "While you slept.", **FIVE)
    wait_for_lane(user)
    expect(chat.said("coach")).to_have_count(0)
    page.clock.fast_forward(A_NIGHT_MS)
    chat.expect_said("coach", "While you slept.")
    chat.expect_labels("Done", "Done", "Done", "Done", "Nothing to do")
