"""Where small and capital letters are one, as on macOS and Windows, every file has a name of its own."""

from collections import Counter
from pathlib import Path

from tests.contracts.sources import ROOT

TREES = ("server", "workers", "client/src", "docs/docs", "docs/src", "scenarios", "tests", "tools", "bench")
IMPORTED_BY_STEM = {".ts", ".tsx"}


def test_no_two_files_differ_in_their_capitals_alone() -> None:
    paths = [path for tree in TREES for path in (ROOT / tree).rglob("*") if path.is_file()]
    count = Counter(name_elsewhere(path) for path in paths)
    twice = [str(path.relative_to(ROOT)) for path in paths if count[name_elsewhere(path)] > 1]
    assert not twice


def name_elsewhere(path: Path) -> Path:
    """How the file is told from others there; a module of TypeScript without its ending."""
    named = path.with_suffix("") if path.suffix in IMPORTED_BY_STEM else path
    return Path(str(named).lower())
