"""What staff do with scenarios: upload them, read one, replay several, stop that, and freeze a conversation."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.apps.users.models import User
from server.services.action_queue.accept import accept_user_message
from tests.browser.conftest import NewPage
from tests.browser.library import FILES, emptied, kept
from tests.browser.pages import announced, menu, note_what_is_announced
from tests.browser.people import FIVE, new_person, say
from tests.browser.rows import wait_while_open
from tests.queue.conftest import wait_for_lane

BEGIN_MS = 60_000
"""In which a replay's process and its workers have started, on a busy machine."""
LONG = 1_000


@pytest.fixture(autouse=True)
def _no_replay_is_left() -> Iterator[None]:
    """The next one would be refused."""
    emptied()
    yield
    ReplayRun.objects.open().update(stop_wanted=True)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(staff())


def staff() -> User:
    user = new_person()
    User.objects.filter(id=user.id).update(is_staff=True)
    return user


def opened(page: Page, path: str = "/scenarios", heading: str = "Scenarios") -> Locator:
    """The list's rows."""
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    return page.get_by_role("list", name=heading, exact=True).get_by_role("listitem")


def test_the_menu_leads_staff_there_and_nobody_else(page: Page, new_page: NewPage) -> None:
    page.goto("/history")
    menu(page, "Scenarios and replays")
    expect(page).to_have_url(re.compile("/scenarios$"))
    expect(page.get_by_text("There are no scenarios yet.")).to_be_visible()
    page.get_by_role("link", name="Replays").click()
    expect(page.get_by_text("Nothing has been replayed yet.")).to_be_visible()

    other = new_page(new_person())
    other.goto("/scenarios")
    expect(other.get_by_role("heading", name="There is nothing here.")).to_be_visible()
    other.get_by_role("button", name="Your menu").click()
    expect(other.get_by_role("menuitem", name="Sign out")).to_be_visible()
    expect(other.get_by_role("menuitem", name="Scenarios and replays")).to_have_count(0)


def test_files_are_uploaded_and_each_is_told_of(page: Page, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{\n "format": 1,\n "name": "Bad",\n "turn": [],\n "expect": 3\n}')
    rows = opened(page)
    files = [FILES / "01-introduction.json", FILES / "17-unicode.json", bad]
    page.locator("input[type=file]").set_input_files(files)
    outcomes = page.get_by_role("region", name="Uploaded files")
    line = outcomes.get_by_role("listitem")
    expect(line.filter(has_text="01-introduction.json")).to_contain_text("Added")
    expect(line.filter(has_text="17-unicode.json")).to_contain_text("Added")
    refused = outcomes.locator("[data-outcome=refused]")
    expect(refused).to_contain_text("Line 4: turn: there is no such key")
    expect(refused).to_contain_text("Line 5: expect")
    expect(rows).to_have_count(2)

    page.locator("input[type=file]").set_input_files(FILES / "01-introduction.json")
    outcomes.get_by_role("button", name="Replace the scenario with 01-introduction.json").click()
    expect(outcomes.locator("[data-outcome=replaced]")).to_contain_text("01-introduction.json")
    expect(rows).to_have_count(2)


def test_dropped_files_are_uploaded(page: Page) -> None:
    rows = opened(page)
    content = (FILES / "01-introduction.json").read_text()
    page.evaluate(DROP, content)
    expect(page.locator("[data-outcome=added]")).to_contain_text("dropped.json")
    expect(rows).to_have_count(1)


DROP = """(content) => {
  const files = new DataTransfer();
  files.items.add(new File([content], "dropped.json", {type: "application/json"}));
  for (const type of ["dragover", "drop"]) {
    const event = new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: files});
    document.body.dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error(`${type} would lead away`);
  }
}"""


def test_a_scenario_is_found_read_downloaded_and_deleted(page: Page, tmp_path: Path) -> None:
    kept()
    rows = opened(page)
    expect(rows).to_have_count(len(list(FILES.glob("*.json"))))
    page.get_by_role("searchbox", name="Find").fill("long conversation")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").click()
    file = json.loads((FILES / "21-a-long-conversation.json").read_text())
    expect(page.get_by_role("heading", name=file["name"], level=1)).to_be_visible()
    expect(page.locator("[data-turn]")).to_have_count(len(file["turns"]))
    expect(page.locator("[data-turn]").last).to_contain_text(file["turns"][-1]["response"]["message"])

    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    content = TestScenario.objects.library().get(name=file["name"]).content
    assert json.loads(path.read_text()) == content

    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(re.compile("/scenarios$"))
    expect(rows).to_have_count(len(list(FILES.glob("*.json"))) - 1)
    expect(page.get_by_role("main")).to_be_focused()


def test_a_replay_is_followed_to_its_end_and_its_report_opened(page: Page) -> None:
    good, bad = kept("01-introduction", "03-warm-up")
    bad.content["expect"]["user_notes"] = [{"note": "Another."}]
    bad.save()
    opened(page)
    page.get_by_label("All 2").check()
    page.get_by_label("Copies").fill("40")
    note_what_is_announced(page)
    page.get_by_role("button", name="Replay 2").click()
    expect(page.get_by_role("heading", name="Replay of 2 scenarios")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Copies done")
    expect(bar).to_have_attribute("aria-valuemax", "80")
    end = page.get_by_text("1 of 2 scenarios came out differently from what is expected.").first
    expect(end).to_be_visible(timeout=BEGIN_MS)
    differing = page.get_by_role("region", name=bad.name)
    expect(differing.get_by_role("table").first).to_contain_text("Another.")
    expect(page.get_by_role("list", name="As expected")).to_contain_text(good.name)
    wait_while_open(page, lambda: any("has ended" in said for said in announced(page)), "the end is told")

    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Open the report").click()
    report = opening.value
    expect(report.get_by_role("heading", level=1)).to_have_text("1 of 2 scenarios differ")
    report.close()

    page.get_by_role("link", name="All replays").click()
    row = page.get_by_role("list", name="Replays").get_by_role("listitem")
    expect(row).to_contain_text("1 differs")
    expect(row).to_contain_text("2 scenarios")
    expect(row).to_contain_text("40 copies of each")


def test_a_replay_is_stopped(page: Page) -> None:
    kept("01-introduction")
    opened(page).get_by_role("link").click()
    page.get_by_label("Copies").fill(str(LONG))
    page.get_by_role("button", name="Replay", exact=True).click()
    bar = page.get_by_role("progressbar", name="Copies done")
    expect(bar).not_to_have_attribute("aria-valuenow", "0", timeout=BEGIN_MS)

    page.get_by_role("link", name="All replays").click()
    row = page.get_by_role("list", name="Replays").get_by_role("listitem")
    expect(row).to_contain_text("Running")
    row.get_by_role("link").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    stopped = page.get_by_text("It was stopped before its end, so there are no results.")
    expect(stopped).to_be_visible(timeout=BEGIN_MS)
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    page.get_by_role("link", name="Replay again").click()
    expect(page.get_by_label(re.compile("^Choose "))).to_be_checked()
    expect(page.get_by_label("Copies")).to_have_value(str(LONG))


def test_a_conversation_is_frozen(page: Page) -> None:
    user = new_person()
    accept_user_message(user, "I am Ada, and I plant roses.")
    say(user, "All of that.", **FIVE)
    wait_for_lane(user)
    opened(page)
    page.get_by_role("button", name="Freeze a conversation…").click()
    dialog = page.get_by_role("dialog", name="Freeze a conversation")
    dialog.get_by_label("Email of the user").fill(f"{uuid4()}@example.org")
    dialog.get_by_role("button", name="Freeze").click()
    expect(dialog.get_by_label("Email of the user")).to_have_accessible_description(
        re.compile("No user has the email")
    )
    dialog.get_by_label("Email of the user").fill(user.email)
    dialog.get_by_label("Name of the scenario").fill("Roses by night")
    dialog.get_by_role("button", name="Freeze").click()
    expect(dialog.get_by_text("“Roses by night” was added")).to_be_visible(timeout=BEGIN_MS)
    dialog.get_by_role("link", name="Open the scenario").click()
    expect(page.get_by_role("heading", name="Roses by night", level=1)).to_be_visible()
    conversation = page.get_by_role("region", name="The conversation")
    expect(conversation).to_contain_text("Create an identity")
    expect(conversation).not_to_contain_text("roses")
