"""The system's Chromium, without a window, with a profile that is empty every time."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WAIT_MS = 15_000
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


class NoChromium(Exception):
    """No Chromium is installed: the browser's tests need one (Debian's package is `chromium`)."""


def find_chromium() -> str:
    """The path of the system's Chromium. Raises `NoChromium`."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoChromium(NoChromium.__doc__)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. While it runs, this thread belongs to an event loop, which Django must be told to bear."""
    path = find_chromium()
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright, _django_bears_the_loop():
        browser = playwright.chromium.launch(
            executable_path=path, args=flags, chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _django_bears_the_loop() -> Iterator[None]:
    before = os.environ.get(ASYNC_UNSAFE)
    os.environ[ASYNC_UNSAFE] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ[ASYNC_UNSAFE]
        else:
            os.environ[ASYNC_UNSAFE] = before
