"""The time from an action's commit to its change on the page, printed; nobody asserts how long it may be."""

from io import StringIO

from playwright.sync_api import Browser
from rich.console import Console

from tests.browser.measure import measure, show
from tests.browser.stack import Stack
from tests.conftest import TellFigure


def test_print_the_time_from_commit_to_page(browser: Browser, stack: Stack, tell_figure: TellFigure) -> None:
    measured = measure(browser, stack, rest=20, seconds=3)
    console = Console(width=110, file=StringIO(), record=True)
    show(measured, console)
    tell_figure(console.export_text())
    assert all(one.times_ms for one in measured)
