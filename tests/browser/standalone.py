"""The browser and the stack for a program of its own: `python -m tests.browser.…`."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser

from server.local.services import LocalServices
from tests.browser.chromium import chromium
from tests.ending import SIGNALS, end_when_told, ignore_what_is_told
from tests.servers import set_up_django
from tools.problems import ROOT

if TYPE_CHECKING:
    from tests.browser.stack import Stack


@contextmanager
def standing(*, workers: int) -> "Iterator[tuple[Stack, Browser]]":
    """A stack on servers of its own, and a browser. All end with the block."""
    end_when_told(*SIGNALS)
    subprocess.run([ROOT / "tools" / "client.sh"], check=True)
    home = Path(tempfile.mkdtemp(prefix="coach-browser-"))
    try:
        with LocalServices(home, durable=False) as services:
            set_up_django(services, home)
            # Models can be imported only once Django knows its database.
            from tests.browser.stack import running

            logs = home / "logs-of-roles"
            logs.mkdir()
            with running(logs, workers=workers) as stack, chromium() as browser:
                yield stack, browser
    finally:
        ignore_what_is_told()
        shutil.rmtree(home, ignore_errors=True)
