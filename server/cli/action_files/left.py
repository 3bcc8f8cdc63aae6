"""What is left for a person, as a list with file and line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.cli.action_files.checkout import ACTION_TYPE, PARAMS, PARTS_OF_A_PAGE, PROMPTS, Checkout
from server.cli.action_files.pieces import LEFT
from server.cli.action_files.wanted import NewAction, constant_of, files_of, params_class_of

SEARCHED = ("server", "workers", "client/src", "docs/docs", "tests", "examples", "scenarios", "bench")
AT_THE_ROOT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
ABOUT_ACTIONS_TO_COME = ("server/cli/action_files", "tests/cli", "docs/docs/how-to")
"""They take an action as an example, whether or not it is there."""
TEXTS = {".py", ".md", ".ts", ".tsx", ".json", ".jsonl", ".yaml"}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, and what is left to do there."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.what}"


def left_after_adding(action: NewAction, checkout: Checkout) -> list[Place]:
    """In the order in which a person goes through them."""
    handler, test, page = files_of(action.name)
    prompts = [f"{PROMPTS}/{phase}.md" for phase in action.phases]
    places = [
        (handler, LEFT, "the handler: the rule, the change, the two sentences"),
        (test, "CASES = [", "its cases, as the handler then is"),
        *((prompt, f"`{action.name}`", "when the coach should use it") for prompt in prompts),
        (page, "## What changes", "what changes, when it is skipped, what it logs"),
        (
            str(PARTS_OF_A_PAGE),
            "const PARTS",
            "the parts of the chat page that it changes; it may be left out",
        ),
        ("CHANGELOG.md", "### Added", "a line for those who use it"),
    ]
    return [
        Place(path, line, what)
        for path, mark, what in places
        if (line := _line_of(checkout.root / path, mark)) is not None
    ]


def left_after_removing(name: str, checkout: Checkout) -> list[Place]:
    """Every line that still speaks of the action."""
    words = "|".join((name, constant_of(name), params_class_of(name)))
    mark = re.compile(rf"(?<![A-Za-z0-9_])({words})(?![A-Za-z0-9_])")
    return [
        Place(str(path.relative_to(checkout.root)), number, line.strip()[:80])
        for path in _texts(checkout.root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if mark.search(line)
    ]


def needed_by(name: str, checkout: Checkout) -> list[Place]:
    """The lines of the running code that name the action, beside those that are taken out with it."""
    own = {str(ACTION_TYPE), str(PARAMS), *files_of(name)}
    return [
        place
        for place in left_after_removing(name, checkout)
        if place.path.startswith(("server/", "workers/"))
        and place.path.endswith(".py")
        and place.path not in own
    ]


def _line_of(path: Path, mark: str) -> int | None:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((number for number, line in enumerate(lines, 1) if mark in line), None)


def _texts(root: Path) -> Iterable[Path]:
    yield from (root / name for name in AT_THE_ROOT if (root / name).exists())
    for name in SEARCHED:
        for path in sorted((root / name).rglob("*")):
            place = path.relative_to(root).as_posix()
            if path.suffix in TEXTS and not place.startswith(ABOUT_ACTIONS_TO_COME):
                yield path
