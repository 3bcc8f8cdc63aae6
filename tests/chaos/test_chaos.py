"""Nothing lost, nothing twice: the short run of `make chaos`, in a process and on servers of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.system import ROOT

SECONDS = 24
SEED = 20_260
ENOUGH_S = 240.0


@pytest.mark.timeout(ENOUGH_S + 40)
def test_random_programs_come_to_what_the_model_says_while_a_monkey_is_at_work(tmp_path: Path) -> None:
    report_file = tmp_path / "report.json"
    arguments = ["--minutes", str(SECONDS / 60), "--seed", str(SEED), "--json", str(report_file)]
    few = ["--users", "30", "--workers", "2", "--pace-s", "1.2"]
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos", *arguments, *few],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        printed, _ = run.communicate(timeout=ENOUGH_S)
    finally:
        run.terminate()  # it ends what it started
        run.wait(30)
    print(printed)
    assert run.returncode == 0, printed
    report = json.loads(report_file.read_text())
    assert (report["lost"], report["doubled"], report["out_of_order"]) == (0, 0, 0)
    assert report["actions"] > 0
