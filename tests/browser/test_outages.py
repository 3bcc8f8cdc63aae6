"""The page while the web process, the network or the machine is away, and after."""

from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.line import Line
from tests.browser.pages import Chat
from tests.browser.people import new_person, say
from tests.browser.rows import said_by
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane


def test_the_web_process_is_restarted_while_the_page_is_open(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    say(user, "Before.", add_user_note={"note": "Before it."})
    chat.expect_labels("Done")
    stack.stop_web()
    try:
        expect(chat.reconnecting).to_be_visible()
        say(user, "Meanwhile.", add_user_note={"note": "While it is away."})
        wait_for_lane(user)
        chat.box.fill("Half a thought")
    finally:
        stack.start_web()
    chat.expect_said("coach", "Meanwhile.")
    chat.expect_labels("Done", "Done")
    expect(chat.state.get_by_text("While it is away.")).to_be_visible()
    expect(chat.reconnecting).to_have_count(0)
    expect(chat.box).to_have_value("Half a thought")


def test_the_network_is_cut_and_restored(new_page: NewPage, line: Line) -> None:
    user = new_person()
    chat = Chat(new_page(user), f"{line.url}/")
    line.cut()
    expect(chat.reconnecting).to_be_visible()
    say(user, "Meanwhile.", add_user_note={"note": "While it is cut."})
    wait_for_lane(user)
    line.mend()
    chat.expect_said("coach", "Meanwhile.")
    chat.expect_labels("Done")
    expect(chat.reconnecting).to_have_count(0)


def test_a_message_that_was_sent_into_a_cut_network_arrives_once(
    new_page: NewPage, stack: Stack, line: Line
) -> None:
    user = new_person()
    chat = Chat(new_page(user), f"{line.url}/")
    line.cut()
    chat.send("Can you hear me?")
    bubble = chat.said("user").filter(has_text="Can you hear me?")
    expect(bubble).to_contain_text("Sending…")
    expect(chat.reconnecting).to_be_visible()
    line.mend()
    expect(chat.answers()).to_have_count(1)
    expect(bubble).to_have_count(1)
    expect(bubble).not_to_contain_text("Sending…")
    expect(chat.box).to_have_value("")
    assert said_by(user) == ["Can you hear me?"]


def test_the_browser_says_that_it_is_offline_and_online_again(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    chat = Chat(new_page(user))
    chat.page.context.set_offline(offline=True)
    say(user, "Meanwhile.", add_user_note={"note": "While it is offline."})
    wait_for_lane(user)
    chat.page.context.set_offline(offline=False)
    chat.expect_said("coach", "Meanwhile.")
    chat.expect_labels("Done")
    expect(chat.reconnecting).to_have_count(0)


def test_events_that_are_gone_when_the_page_comes_back_are_made_up_for(
    new_page: NewPage, stack: Stack, line: Line
) -> None:
    from server.apps.events.models import Event, EventStream

    user = new_person()
    chat = Chat(new_page(user), f"{line.url}/")
    line.cut()
    expect(chat.reconnecting).to_be_visible()
    say(user, "Meanwhile.", add_user_note={"note": "Told to nobody."})
    wait_for_lane(user)
    stream = EventStream.objects.get(user=user)
    Event.objects.filter(user=user).delete()
    EventStream.objects.filter(user=user).update(trimmed_cursor=stream.last_cursor)
    line.mend()
    chat.expect_said("coach", "Meanwhile.")
    chat.expect_labels("Done")
    expect(chat.state.get_by_text("Told to nobody.")).to_be_visible()
