"""Nothing lost, nothing twice: the short run of `make chaos`, in a process and on servers of its own."""

import json
from pathlib import Path

import pytest

from tests.processes import END_S, run_to_its_end

SECONDS = 24
SEED = 20_260
ENOUGH_S = 240.0


@pytest.mark.timeout(ENOUGH_S + END_S + 10)
def test_random_programs_come_to_what_the_model_says_while_a_monkey_is_at_work(tmp_path: Path) -> None:
    report_file = tmp_path / "report.json"
    arguments = ["--minutes", str(SECONDS / 60), "--seed", str(SEED), "--json", str(report_file)]
    few = ["--users", "30", "--workers", "2", "--pace-s", "1.2"]
    exit_code, printed = run_to_its_end("tests.chaos", *arguments, *few, timeout_s=ENOUGH_S)
    print(printed)
    assert exit_code == 0, printed
    report = json.loads(report_file.read_text())
    assert (report["lost"], report["doubled"], report["out_of_order"]) == (0, 0, 0)
    assert report["actions"] > 0
    assert report["deeds"], "the monkey did nothing"
