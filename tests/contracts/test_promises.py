"""The page about what is promised names tests that are there, and a test for every rule."""

import re

from tests.contracts.sources import ROOT

PAGE = (ROOT / "docs/docs/concepts/promises.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def test_every_test_that_the_page_names_is_there() -> None:
    missing = [f"{file}::{test}" for file, test in NAMED.findall(PAGE) if not is_there(file, test)]
    assert missing == [], f"docs/docs/concepts/promises.md names tests that are not there: {missing}"


def test_every_rule_is_on_the_page_with_its_tests() -> None:
    rules = re.findall(r"^\*\*R(\d+)\.(.*?)(?=^\*\*R|^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert [int(number) for number, _ in rules] == list(range(1, 11))
    untested = [f"R{number}" for number, text in rules if not NAMED.search(text)]
    assert untested == [], f"docs/docs/concepts/promises.md names no test of {untested}"


def is_there(file: str, test: str) -> bool:
    path = ROOT / file
    return path.exists() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))
