"""Sending a message: whatever happens to it on the way, one turn is stored, and no word is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.pages import Chat
from tests.browser.people import new_person
from tests.browser.rows import answers_to, said_by, wait_while_open
from tests.browser.stack import Stack

MESSAGES = "**/api/v1/messages"
PAUSE_MS = 500


def is_sending(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/v1/messages")


def test_the_coachs_words_are_shown_before_its_actions_have_run(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.pace.held():
        stack.script.say("Words first.", add_user_note={"note": "Later."})
        chat.send("Hello")
        chat.expect_said("coach", "Words first.")
        expect(chat.lines()).not_to_contain_text(["Done"])
    chat.expect_labels("Done")


def test_the_message_is_shown_at_once_while_the_coach_thinks(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.script.thinking():
        chat.send("Hello there")
        chat.expect_said("user", "Hello there")
        expect(chat.page.get_by_test_id("coach-is-writing")).to_be_visible()
        expect(chat.box).to_have_value("")
    expect(chat.page.get_by_test_id("coach-is-writing")).to_have_count(0)
    chat.expect_said("user", "Hello there")
    assert said_by(user) == ["Hello there"]


def test_a_double_click_on_send_sends_once(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.script.thinking():
        chat.box.fill("Only once")
        chat.send_button.dblclick()
        chat.box.press("Enter")
        chat.expect_said("user", "Only once")
    expect(chat.page.get_by_test_id("coach-is-writing")).to_have_count(0)
    chat.expect_said("user", "Only once")
    assert said_by(user) == ["Only once"]
    assert len(answers_to(user)) == 1


def test_enter_sends_and_shift_enter_breaks_the_line(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    chat.box.press_sequentially("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    chat.box.press("Enter")
    expect(chat.box).to_have_value("")
    wait_while_open(chat.page, lambda: said_by(user) == ["one\ntwo"], "both lines are stored")


def test_a_draft_survives_a_reload(new_page: NewPage, stack: Stack) -> None:
    chat = Chat(new_page(new_person()))
    chat.box.fill("Something that I have not\nfinished")
    chat.page.reload()
    expect(chat.box).to_have_value("Something that I have not\nfinished")


def lose_the_answer(route: Route) -> None:
    """The server has stored the turn; the browser never hears of it."""
    route.fetch()
    route.abort("connectionreset")


def lose_the_request(route: Route) -> None:
    """The server hears nothing of it."""
    route.abort("connectionreset")


@pytest.mark.parametrize("lose", [lose_the_answer, lose_the_request])
def test_a_lost_message_is_sent_again_and_stored_once(
    new_page: NewPage, stack: Stack, lose: Callable[[Route], None]
) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    keys: list[str | None] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.header_value("idempotency-key"))
        if len(keys) == 1:
            lose(route)
        else:
            route.continue_()

    chat.page.route(
        MESSAGES, lambda route: lose_the_first(route) if is_sending(route.request) else route.fallback()
    )
    chat.send("Lost on the way")
    wait_while_open(chat.page, lambda: len(keys) == 2, "the message is sent again")
    expect(chat.answers()).to_have_count(1)
    chat.expect_said("user", "Lost on the way")
    expect(chat.box).to_have_value("")
    assert said_by(user) == ["Lost on the way"]
    assert keys[0] is not None
    assert keys[0] == keys[1]


def test_a_message_that_cannot_be_sent_stays_in_the_box(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page)
    chat.page.route(MESSAGES, lambda route: route.abort() if is_sending(route.request) else route.fallback())
    chat.send("Do not lose me")
    again = chat.page.get_by_role("button", name="Try again")
    while not again.is_visible():
        page.clock.run_for(PAUSE_MS)
    expect(chat.box).to_have_value("Do not lose me")
    chat.page.unroute(MESSAGES)
    again.click()
    expect(chat.answers()).to_have_count(1)
    expect(again).to_have_count(0)
    assert said_by(user) == ["Do not lose me"]


def test_a_message_that_the_server_refuses_stays_in_the_box(new_page: NewPage, stack: Stack) -> None:
    chat = Chat(new_page(new_person()))
    chat.page.route(
        MESSAGES,
        lambda route: (
            route.fulfill(
                status=500,
                content_type="application/problem+json",
                body='{"title": "Internal Server Error", "status": 500, "detail": "Something broke."}',
            )
            if is_sending(route.request)
            else route.fallback()
        ),
    )
    chat.send("Still mine")
    expect(chat.page.get_by_role("button", name="Try again")).to_be_visible()
    expect(chat.box).to_have_value("Still mine")


def test_a_reload_in_the_middle_of_sending_stores_one_turn(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.script.thinking():
        with chat.page.expect_request(is_sending):
            chat.send("In the middle")
        wait_while_open(chat.page, lambda: said_by(user) == ["In the middle"], "the message is stored")
        chat.page.reload()
        chat.expect_said("user", "In the middle")
    expect(chat.answers()).to_have_count(1)
    chat.expect_said("user", "In the middle")
    expect(chat.box).to_have_value("")
    assert said_by(user) == ["In the middle"]
    assert len(answers_to(user)) == 1


def test_a_reload_before_the_message_arrived_stores_one_turn(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    held: list[Route] = []
    chat.page.route(
        MESSAGES, lambda route: held.append(route) if is_sending(route.request) else route.fallback()
    )
    chat.send("Before it arrived")
    wait_while_open(chat.page, lambda: bool(held), "the message is on its way")
    chat.page.unroute(MESSAGES)
    chat.page.reload()
    held[0].fallback()
    expect(chat.answers()).to_have_count(1)
    chat.expect_said("user", "Before it arrived")
    assert said_by(user) == ["Before it arrived"]
