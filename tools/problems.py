"""How a check answers: every problem it found, each naming its file and the mend, and an exit code."""

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def report(check: str, problems: Iterable[str]) -> int:
    """Print the problems of a check; answer its exit code: 0 where there was none, else 1."""
    found = list(problems)
    for problem in found:
        print(f"{check}: {problem}", file=sys.stderr)
    if not found:
        print(f"{check}: no problem was found.")
    return 1 if found else 0
