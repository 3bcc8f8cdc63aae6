"""The soak itself works: a few seconds of it. Its judgement needs longer: `make soak MINUTES=30`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT

LIMIT_S = 280


@pytest.mark.timeout(LIMIT_S + 10)
def test_a_short_soak_loads_the_whole_system_and_sees_it_pruned(tmp_path: Path) -> None:
    report = tmp_path / "soak.json"
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    soaked = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.soak",
            "--minutes",
            "0.13",
            "--every",
            "1",
            "--keep",
            "2",
            "--json",
            report,
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )

    assert report.exists(), soaked.stdout + soaked.stderr
    seen = json.loads(report.read_text())
    last = seen["samples"][-1]["figures"]
    assert [problem for problem in seen["problems"] if " grows: " not in problem] == [], soaked.stdout
    assert seen["done"]["post_response"] > 0
    assert last["rows actions"] > 10
    assert 0 < last["rows events"] < last["rows actions"] * 2, "the relay has pruned"
    assert {f"{role}: USS MiB" for role in ("web", "worker-1", "worker-2", "relay", "flower")} <= last.keys()
