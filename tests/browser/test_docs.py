"""The documentation in a browser: it is found, searched and read, and complains of nothing."""

import subprocess
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import problems_of
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import BUILD_TIMEOUT_S, NewPage
from tests.browser.pages import expect_no_sideways_scrolling
from tools.problems import ROOT

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

PAGES = (
    "",
    "first-five-minutes/",
    "concepts/life-of-an-action/",
    "core-systems/action-handler/overview/",
    "core-systems/action-handler/actions/create_identity/",
    "reference/api/",
    "reference/commands/",
    "operations/configuration/",
)


@pytest.fixture(scope="module", autouse=True)
def built_docs() -> None:
    """The documentation as it is in the tree, built."""
    command = [ROOT / "tools" / "docs.sh"]
    build = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if build.returncode:
        pytest.fail(f"tools/docs.sh could not build the pages:\n{build.stdout}{build.stderr}", pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page at `/docs/`; what it complains of, a script that is refused too, fails the test."""
    page = new_page()
    page.goto("/docs/")
    return page


def test_it_is_searched_and_a_link_is_followed(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Coach Actions")
    box = page.get_by_placeholder("Search")
    box.click()
    box.press_sequentially("archived already")
    page.get_by_role("option").filter(has_text="Archive an identity").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Archive an identity")

    page.get_by_role("link", name="unskip_identity_category", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take in a category again")


def test_the_diagram_of_the_states_is_drawn(page: Page) -> None:
    page.goto("/docs/concepts/life-of-an-action/")
    diagram = page.locator(".docusaurus-mermaid-container svg")
    expect(diagram).to_be_visible()
    expect(diagram).to_contain_text("retrying")


WIDER_THAN_THEIR_PLACE = """() => [...document.querySelectorAll("table, td code")].filter((one) => {
  const place = one.closest("td") ?? one.parentElement;
  return one.getBoundingClientRect().right > place.getBoundingClientRect().right + 1;
}).map((one) => one.textContent.slice(0, 60))"""


def test_all_columns_of_the_overview_are_seen_at_once(page: Page) -> None:
    page.goto("/docs/core-systems/action-handler/overview/")
    expect(page.get_by_role("columnheader", name="rejected when")).to_be_visible()
    assert page.evaluate(WIDER_THAN_THEIR_PLACE) == []


def test_light_or_dark_is_as_the_machine_likes_it(page: Page) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.goto("/docs/")
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)


def test_a_page_that_is_not_there_says_so(page: Page) -> None:
    answer = page.goto("/docs/nowhere/")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page Not Found")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: NewPage, path: str, viewport: ViewportSize
) -> None:
    found = {}
    for scheme in SCHEMES:
        page = new_page(viewport=viewport, color_scheme=scheme)
        page.goto(f"/docs/{path}")
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect_no_sideways_scrolling(page)
        found[scheme] = problems_of(page)
    assert found == {"light": [], "dark": []}
