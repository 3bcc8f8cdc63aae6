"""Sending a message: whatever happens to it on the way, one turn is stored, and no word is lost."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from server.services.action_queue.accept import accept_user_message
from tests.browser.conftest import NewPage, NewWindow
from tests.browser.pages import ANSWER, Chat
from tests.browser.people import new_person
from tests.browser.rows import answers_to, said_by, wait_while_open
from tests.browser.stack import Stack
from tests.processes import wait_until

MESSAGES = "**/api/v1/messages"
PAUSE_MS = 500


def is_sending(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/v1/messages")


def sending(handle: Callable[[Route], None]) -> Callable[[Route], None]:
    """Handles the requests that send a message, and lets the others through."""
    return lambda route: handle(route) if is_sending(route.request) else route.fallback()


def refuse(route: Route, status: int) -> None:
    route.fulfill(
        status=status,
        content_type="application/problem+json",
        headers={"Retry-After": "20"} if status == 429 else {},
        body=json.dumps({"title": "Refused", "status": status, "detail": "The server has logged it."}),
    )


def fail_while_writing(chat: Chat, first: str, second: str) -> None:
    """Let one message fail while the next one is in the box already."""
    held: list[Route] = []
    chat.page.route(MESSAGES, sending(held.append))
    chat.send(first)
    wait_while_open(chat.page, lambda: bool(held), "the message is on its way")
    chat.box.fill(second)
    refuse(held[0], 500)
    expect(chat.unsent(first)).to_contain_text("try again in a moment")
    expect(chat.box).to_have_value(second)
    chat.page.unroute(MESSAGES)


def wait_as_time_flies(page: Page, condition: Callable[[], bool], what: str) -> None:
    """Wait for something in a page whose clock the test has installed, with all that the page does meanwhile."""

    def look() -> bool:
        page.clock.run_for(PAUSE_MS)
        return condition()

    wait_until(look, what)


def test_the_coachs_words_are_shown_before_its_actions_have_run(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.pace.held():
        stack.script.say("Words first.", add_user_note={"note": "Later."})
        chat.send("Hello")
        chat.expect_said("coach", "Words first.")
        chat.expect_labels("Running")
    chat.expect_labels("Done")


def test_the_message_is_shown_at_once_while_the_coach_thinks(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.script.thinking():
        chat.send("Hello there")
        chat.expect_said("user", "Hello there")
        expect(chat.page.locator("[data-role=coach][data-pending]")).to_be_visible()
        expect(chat.box).to_have_value("")
    expect(chat.page.locator("[data-role=coach][data-pending]")).to_have_count(0)
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
    expect(chat.page.locator("[data-role=coach][data-pending]")).to_have_count(0)
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
    """The server has stored the message; its answer never comes."""
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
            with stack.script.failing():  # or the stream would tell that it need not be sent again
                lose(route)
        else:
            route.continue_()

    chat.page.route(MESSAGES, sending(lose_the_first))
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
    page.route(MESSAGES, sending(lambda route: route.abort()))
    chat.send("Do not lose me")
    again = page.get_by_role("button", name="Try again")
    wait_as_time_flies(page, again.is_visible, "the page has given up")
    expect(chat.box).to_have_value("Do not lose me")
    page.unroute(MESSAGES)
    again.click()
    expect(chat.answers()).to_have_count(1)
    expect(again).to_have_count(0)
    assert said_by(user) == ["Do not lose me"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "Your message is kept here: try again in a moment."),
        (413, "Please shorten it, or send it in parts."),
        (429, "Those were many messages at once. Please wait until"),
    ],
)
def test_a_message_that_the_server_refuses_stays_in_the_box(
    new_page: NewPage, stack: Stack, status: int, words: str
) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    chat.page.route(MESSAGES, sending(lambda route: refuse(route, status)))
    chat.send("Still mine")
    expect(chat.page.get_by_role("alert")).to_contain_text(words)
    expect(chat.box).to_have_value("Still mine")
    chat.page.unroute(MESSAGES)
    chat.page.get_by_role("button", name="Try again").click()
    expect(chat.answers()).to_have_count(1)
    assert said_by(user) == ["Still mine"]


def test_what_fails_while_the_next_is_written_stands_aside(new_window: NewWindow, stack: Stack) -> None:
    user = new_person()
    window = new_window(user)
    chat, other = (Chat(window.new_page()) for _ in range(2))
    fail_while_writing(chat, "First thought", "Second thought")
    other.send("From another tab")
    expect(chat.answers()).to_have_count(1)
    chat.page.reload()
    expect(chat.box).to_have_value("Second thought")
    first = chat.unsent("First thought")
    first.get_by_role("button", name="Try again").click()
    expect(chat.answers()).to_have_count(2)
    chat.expect_said("user", "First thought")
    expect(first).to_have_count(0)
    expect(chat.box).to_have_value("Second thought")
    chat.box.press("Enter")
    expect(chat.answers()).to_have_count(3)
    assert said_by(user) == ["From another tab", "First thought", "Second thought"]


def test_what_stands_aside_is_edited_or_discarded_and_loses_no_other_word(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    fail_while_writing(chat, "First thought", "Second thought")
    chat.unsent("First thought").get_by_role("button", name="Edit").click()
    expect(chat.box).to_be_focused()
    expect(chat.box).to_have_value("First thought")
    second = chat.unsent("Second thought")
    expect(second).to_contain_text("It waits here until you send it.")
    chat.box.fill("A better first thought")
    chat.box.press("Enter")
    expect(chat.answers()).to_have_count(1)
    second.get_by_role("button", name="Discard").click()
    expect(second).to_have_count(0)
    expect(chat.box).to_be_focused()
    assert said_by(user) == ["A better first thought"]


def test_a_turn_that_the_stream_shows_answered_is_done_though_every_answer_is_lost(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page)
    page.route(MESSAGES, sending(lose_the_answer))
    for count, text in enumerate(("Can you hear me?", "Good."), start=1):
        chat.send(text)
        expect(chat.answers()).to_have_count(count)
        expect(page.locator("[data-role=coach][data-pending]")).to_have_count(0)
    page.clock.run_for(60_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(chat.box).to_have_value("")
    assert said_by(user) == ["Can you hear me?", "Good."]


def test_a_message_that_arrived_and_was_not_answered_is_asked_again_not_sent_again(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page)
    with stack.script.failing():
        chat.send("Are you well?")
        note = page.get_by_role("alert").filter(has_text="This arrived.")
        wait_as_time_flies(page, note.is_visible, "the page has given up")
        chat.expect_said("user", "Are you well?")
        expect(chat.box).to_have_value("")
    page.get_by_role("button", name="Ask again").click()
    expect(chat.answers()).to_have_count(1)
    expect(note).to_have_count(0)
    chat.expect_said("user", "Are you well?")
    assert said_by(user) == ["Are you well?"]


def test_what_is_sent_before_the_history_is_there_stays_in_sight(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    accept_user_message(user, "The same words")
    page = new_page(user)
    held: dict[str, tuple[Route, APIResponse | None]] = {}

    def hold(route: Route) -> None:
        answer = None if is_sending(route.request) else route.fetch()
        held[route.request.method] = (route, answer)

    page.route(MESSAGES, hold)
    page.goto("/")
    box = page.get_by_role("textbox", name="Your message")
    box.fill("The same words")
    box.press("Enter")
    wait_while_open(page, lambda: set(held) == {"GET", "POST"}, "both requests are on their way")
    said = page.locator("[data-role=user]").filter(has_text="The same words")
    expect(said).to_have_count(1)
    route, answer = held["GET"]
    route.fulfill(response=answer)
    expect(said).to_have_count(2)
    expect(said.nth(1)).to_contain_text("Sending…")
    held["POST"][0].continue_()
    expect(page.locator(ANSWER)).to_have_count(1)
    expect(said).to_have_count(2)
    expect(said.nth(1)).not_to_contain_text("Sending…")


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
    chat.page.route(MESSAGES, sending(held.append))
    chat.send("Before it arrived")
    wait_while_open(chat.page, lambda: bool(held), "the message is on its way")
    chat.page.unroute(MESSAGES)
    chat.page.reload()
    held[0].fallback()
    expect(chat.answers()).to_have_count(1)
    chat.expect_said("user", "Before it arrived")
    assert said_by(user) == ["Before it arrived"]
