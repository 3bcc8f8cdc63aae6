"""The report of a replay, as people open it: from a file, without a network."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from server.services.scenario_replay.lanes import Timings
from server.services.scenario_replay.report.page import Report, render
from tests.browser.axe import problems_of
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import expect_no_sideways_scrolling
from tests.scenarios.test_loading import scenario
from tests.scenarios.test_replay import GOOD, RECORDED
from tests.scenarios.test_report import judged, lane, timed


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    timings = Timings()
    statuses = ("succeeded", "skipped", "rejected", "dead", "cancelled")
    began = [100.0 + number for number in range(len(statuses))]
    actions = [
        timed(status=status, queued_at=100.0, started_at=at, finished_at=at + 0.5)
        for status, at in zip(statuses, began, strict=True)
    ]
    timings.take(lane(*actions, name="A long name " * 20))
    wrong = GOOD | {"identities": [{"state": "i_am_complete"}, {"name": "C" * 300}]}
    judge = judged(
        scenario(name="Right", **RECORDED, expect=GOOD), scenario(name="Wrong", **RECORDED, expect=wrong)
    )
    began_at = datetime(2026, 5, 4, tzinfo=UTC)
    report = Report(verdicts=judge.verdicts, timings=timings, began_at=began_at, seconds=1.0, version="1")
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(report), encoding="utf-8")
    return path


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_opens_without_a_network_and_for_everyone(
    browser: Browser, file: Path, viewport: ViewportSize
) -> None:
    page, asked, said = opened(browser, file, viewport)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 2 scenarios differ")
    expect(page.get_by_text("accept_identity.py")).to_be_in_viewport()
    expect_no_sideways_scrolling(page)
    light = problems_of(page)
    page.emulate_media(color_scheme="dark")
    assert [*light, *problems_of(page)] == []
    assert (asked, said) == ([file.as_uri()], [])


def test_scenarios_are_found_by_their_text(browser: Browser, file: Path) -> None:
    page, _, said = opened(browser, file, DESKTOP)
    page.get_by_label("Only those that hold").fill("right")
    expect(page.get_by_text("1 of 2 are shown.")).to_be_visible()
    expect(page.locator(".scenario", has_text="Wrong")).to_be_hidden()
    page.get_by_label("Only those that hold").fill("")
    expect(page.locator(".scenario", has_text="Wrong")).to_be_visible()
    assert said == []


def opened(browser: Browser, file: Path, viewport: ViewportSize) -> tuple[Page, list[str], list[str]]:
    """The page, what it asked for, and what it complained of."""
    context = browser.new_context(viewport=viewport, offline=True, reduced_motion="reduce")
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    return page, asked, said
