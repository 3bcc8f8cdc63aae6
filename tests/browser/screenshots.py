"""`python -m tests.browser.screenshots DIR`: a picture of every page, on a desktop and a phone, in light and dark."""

from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE, WAIT_MS
from tests.browser.standalone import standing

SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 2, "has_touch": True},
}
SCHEMES = ("light", "dark")


def main(
    directory: Annotated[Path, typer.Argument(help="Where the pictures go.")],
    only: Annotated[list[str] | None, typer.Option(help="Only this one; may be given again.")] = None,
) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=WAIT_MS)
    with standing(workers=1) as (stack, browser):
        # Models can be imported only once Django knows its database.
        from tests.browser.people import person_with_a_life
        from tests.browser.shots import SHOTS, sight

        someone = person_with_a_life(stack)
        wanted = [shot for shot in SHOTS if not only or shot.name in only]
        for shot, (size, options), scheme in product(wanted, SIZES.items(), SCHEMES):
            with browser.new_context(
                base_url=stack.url, color_scheme=scheme, reduced_motion="reduce", locale="en-GB", **options
            ) as window:
                visitor = shot.visitor(someone)
                if visitor is not None:
                    window.add_cookies(stack.cookies_of(visitor))
                page = window.new_page()
                file = directory / f"{shot.name}-{size}-{scheme}.png"
                with sight(page, shot, stack):
                    page.screenshot(path=file)
                print(file)


if __name__ == "__main__":
    typer.run(main)
