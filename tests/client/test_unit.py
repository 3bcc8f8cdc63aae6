"""The client's own tests (Vitest), which `npm test` runs in `client/`."""

import os
import subprocess

import pytest

from tools.problems import ROOT

LIMIT_S = 600


@pytest.mark.timeout(LIMIT_S + 30)
def test_the_clients_own_tests_pass() -> None:
    ran = subprocess.run(
        [ROOT / "tools/client.sh", "run", "npm", "run", "--silent", "test"],
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    print(ran.stdout)
    assert ran.returncode == 0, (
        "Vitest failed: what it printed is above and below. Again: npm test, in client/"
    )
