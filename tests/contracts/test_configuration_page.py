"""The page "Configuration" says what every environment variable is for."""

import re

import pytest

from server.settings.environment import Environment
from tests.contracts.sources import ROOT

PAGE = ROOT / "docs/docs/operations/configuration.md"

READ = re.compile(r"""(?:environ(?:\.get\(|\.setdefault\(|\.pop\(|\[)|getenv\()\s*["'](\w+)["']""")
OF_OTHERS = {"PATH", "DJANGO_SETTINGS_MODULE", "COACH_FAULTS"}
"""What the system and Django are told by, and the fault kit, whose page describes it."""


def described() -> set[str]:
    """The variables that have a row in a table of the page."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("field", Environment.model_fields)
def test_every_variable_is_described(field: str) -> None:
    assert field.upper() in described(), f"Add a row for {field.upper()} to {PAGE.relative_to(ROOT)}."


def test_no_variable_is_read_that_no_page_could_describe() -> None:
    """The server reads its own variables by `Environment`; beside it, those that this list names."""
    sources = [*(ROOT / "server").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
    read = {name: path.relative_to(ROOT) for path in sources for name in READ.findall(path.read_text())}
    known = {field.upper() for field in Environment.model_fields} | OF_OTHERS
    assert not {name: path for name, path in read.items() if name not in known}, (
        "Add a field to server/settings/environment.py and read that."
    )


def test_no_variable_is_described_that_is_not_read() -> None:
    unknown = described() - {field.upper() for field in Environment.model_fields}
    assert not unknown, f"Remove these rows from {PAGE.relative_to(ROOT)}: the server reads no such variable."
