"""The time from an action's commit to its change on the page, printed; nobody asserts how long it may be."""

from playwright.sync_api import Browser
from rich.console import Console

from tests.browser.measure import measure, show
from tests.browser.stack import Stack


def test_print_the_time_from_commit_to_page(browser: Browser, stack: Stack) -> None:
    measured = measure(browser, stack, rest=20, seconds=3)
    show(measured, Console(width=110, stderr=True))
    assert all(one.times_ms for one in measured)
