"""`python -m tests.browser.latency`: the time from an action's commit to its change on the page, as a table."""

from typing import Annotated

import typer
from playwright.sync_api import expect
from rich.console import Console

from tests.browser.chromium import WAIT_MS
from tests.browser.standalone import standing


def main(
    rest: Annotated[int, typer.Option(min=2, help="How many actions at rest.")] = 200,
    seconds: Annotated[float, typer.Option(min=1, help="How long at 50 actions a second.")] = 20.0,
) -> None:
    expect.set_options(timeout=WAIT_MS)
    with standing(workers=2) as (stack, browser):
        # Models can be imported only once Django knows its database.
        from tests.browser.measure import measure, show

        show(measure(browser, stack, rest=rest, seconds=seconds), Console())


if __name__ == "__main__":
    typer.run(main)
