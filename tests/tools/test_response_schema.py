"""What `make schema` says, and when it fails."""

import subprocess
import sys

from server.enums.coaching_phase import CoachingPhase
from tools.problems import ROOT
from tools.response_schema import FULL, problems, schemas, size_line


def test_it_says_the_size_of_the_full_schema_and_of_each_phases() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tools.response_schema"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    expected = [f"schema of {size_line(name, schema)}." for name, schema in schemas().items()]
    assert said == [*expected, "schema: no problem was found."]


def test_it_looks_at_the_full_schema_and_at_each_phases() -> None:
    assert list(schemas()) == [FULL, *CoachingPhase]


def test_a_size_stands_beside_the_limit() -> None:
    schema = {"type": "object", "properties": {"ab": {"type": "string", "enum": ["c"]}}, "required": ["ab"]}
    assert size_line("one", schema) == (
        "one: 95 characters of JSON; 1 of 5,000 properties, 1 of 10 levels, 1 of 1,000 values in enums,"
        " 3 of 120,000 characters of names and values"
    )


def test_a_problem_names_the_schema_that_has_it() -> None:
    assert list(problems({"introduction": {"type": "string"}})) == [
        "introduction: schema is no object at its root: wrap it in one."
    ]


def test_make_verify_runs_it() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (verify,) = [line for line in makefile.splitlines() if line.startswith("verify:")]
    assert " schema " in verify
    assert "-m tools.response_schema" in makefile
