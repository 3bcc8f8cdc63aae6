"""The soak itself works: a few seconds of it. Its judgement needs longer: `make soak MINUTES=30`."""

import json
from pathlib import Path

import pytest

from tests.processes import END_S, run_to_its_end

LIMIT_S = 280


@pytest.mark.timeout(LIMIT_S + END_S + 10)
def test_a_short_soak_loads_the_whole_system_and_sees_it_pruned(tmp_path: Path) -> None:
    report = tmp_path / "soak.json"
    arguments = ["--minutes", "0.13", "--every", "1", "--keep", "2", "--json", str(report)]
    _, printed = run_to_its_end("tests.soak", *arguments, timeout_s=LIMIT_S)

    assert report.exists(), printed
    seen = json.loads(report.read_text())
    last = seen["samples"][-1]["figures"]
    assert [problem for problem in seen["problems"] if " grows: " not in problem] == [], printed
    assert seen["done"]["post_response"] > 0
    assert last["rows actions"] > 10
    assert 0 < last["rows events"] < last["rows actions"] * 2, "the relay has pruned"
    assert {f"{role}: USS MiB" for role in ("web", "worker-1", "worker-2", "relay", "flower")} <= last.keys()
