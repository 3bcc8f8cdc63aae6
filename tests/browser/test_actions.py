"""The fate of every action, in front of the user."""

import re

from django.db import transaction
from playwright.sync_api import expect

from server.apps.actions.models import Action
from tests.browser.conftest import NewPage
from tests.browser.pages import Chat, announced, note_what_is_announced
from tests.browser.people import FIVE, NOBODY, new_person, say
from tests.browser.rows import actions_of, wait_while_open
from tests.browser.stack import Stack

A_MOMENT_MS = 10_000


def test_five_actions_go_through_waiting_running_and_done_in_front_of_the_user(
    new_page: NewPage, stack: Stack
) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    stack.script.say("I will write all of that down.", **FIVE)
    with stack.pace.held():
        chat.send("I garden at night.")
        chat.expect_said("coach", "I will write all of that down.")
        chat.expect_labels("Running", *(f"Waiting, behind {n} other{'s' * (n > 1)}" for n in (1, 2, 3, 4)))
        stack.pace.step()
        chat.expect_labels(
            "Done", "Running", *(f"Waiting, behind {n} other{'s' * (n > 1)}" for n in (1, 2, 3))
        )
        expect(chat.line(actions_of(user)[0])).to_contain_text(
            'Created the identity "Night Gardener" in Passions and Talents.'
        )
        expect(chat.state.get_by_role("article", name="Night Gardener")).to_be_visible()
        stack.pace.step()
        chat.expect_labels("Done", "Done", "Running", "Waiting, behind 1 other", "Waiting, behind 2 others")
    chat.expect_labels("Done", "Done", "Done", "Done", "Nothing to do")
    expect(chat.state.get_by_text("Skipped for now: Spiritual.")).to_be_visible()
    expect(chat.state.get_by_text("Grew up in a house with a garden.")).to_be_visible()


def test_what_changed_says_for_a_moment_where_it_came_from(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    page.clock.install()
    chat = Chat(page)
    expect(chat.state.get_by_role("region", name="In focus")).to_be_visible()
    say(user, "Let us look at money.", select_identity_focus={"category": "keeper_of_money"})
    focus = chat.state.get_by_role("region", name="In focus")
    expect(focus.get_by_text("Keeper of Money", exact=True)).to_be_visible()
    tag = focus.locator("[data-change]")
    (action,) = actions_of(user)
    expect(tag).to_have_text(action.result_summary)
    page.clock.run_for(A_MOMENT_MS)
    expect(tag).to_have_count(0)


def test_a_retry_that_heals(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.pace.failing():
        (action,) = say(user, "Noted.", add_user_note={"note": "Has two cats."}).actions
        line = chat.line(action)
        expect(line).to_contain_text(re.compile(r"^Trying again.*Attempt \d did not work, next try in \d+ s"))
    expect(line).to_contain_text(re.compile("^Done"))
    expect(chat.state.get_by_text("Has two cats.")).to_be_visible()


def test_a_rejected_action_says_why(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    (action,) = say(user, "Kept.", accept_identity={"identity_id": NOBODY}).actions
    expect(chat.line(action)).to_contain_text(re.compile("^Refused"))
    expect(chat.line(action)).to_contain_text("There is no such identity.")
    expect(chat.line(action)).not_to_contain_text(NOBODY)


def test_an_action_that_gives_up_says_so(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    with stack.pace.failing():
        with transaction.atomic():
            (action,) = say(user, "Noted.", add_user_note={"note": "Never to be."}).actions
            Action.objects.filter(id=action.id).update(attempt=action.max_attempts - 1)
        expect(chat.line(action)).to_contain_text(re.compile("^Gave up after 5 attempts"))


def test_workers_are_away_for_a_while(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    stack.stop_workers()
    try:
        stack.script.say("I will see to it.", add_user_note={"note": "Waits for the worker."})
        chat.send("Remember me.")
        chat.expect_said("coach", "I will see to it.")
        chat.expect_labels("Waiting, next in line")
        expect(chat.reconnecting).to_have_count(0)
    finally:
        stack.start_workers()
    chat.expect_labels("Done")


def test_outcomes_are_said_to_those_who_listen_without_a_flood(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    note_what_is_announced(chat.page)
    say(user, "All of that.", **FIVE)
    chat.expect_labels("Done", "Done", "Done", "Done", "Nothing to do")
    wait_while_open(
        chat.page,
        lambda: "nothing to do" in " ".join(announced(chat.page)).lower(),
        "the outcomes are said",
    )
    assert len(announced(chat.page)) <= 3, announced(chat.page)
