"""Every action has a page, and every page an action."""

from collections.abc import Iterator
from pathlib import Path

from server.enums.action_type import ActionType
from tests.contracts.sources import ROOT

PAGES = Path("docs/docs/core-systems/action-handler/actions")


def problems(root: Path) -> Iterator[str]:
    """What is wrong with the pages under `root`: the file, and the mend."""
    found = {path.stem for path in (root / PAGES).glob("*.md*")}
    for action_type in ActionType:
        if action_type.value not in found:
            yield f"{PAGES}/{action_type.value}.md is missing: write it, as the pages beside it are."
    for name in sorted(found - {action_type.value for action_type in ActionType}):
        yield f"{PAGES}/{name}.md is of no action: remove it, or name it after one."


def test_every_action_has_a_page_and_every_page_an_action() -> None:
    assert not list(problems(ROOT)), "\n".join(problems(ROOT))


def test_an_action_without_a_page_is_named(tmp_path: Path) -> None:
    pages(tmp_path, *(one.value for one in ActionType if one is not ActionType.NEST_IDENTITY))
    assert list(problems(tmp_path)) == [
        f"{PAGES}/nest_identity.md is missing: write it, as the pages beside it are."
    ]


def test_a_page_of_no_action_is_named(tmp_path: Path) -> None:
    pages(tmp_path, *(one.value for one in ActionType), "nest_identities")
    assert list(problems(tmp_path)) == [
        f"{PAGES}/nest_identities.md is of no action: remove it, or name it after one."
    ]


def pages(root: Path, *names: str) -> None:
    (root / PAGES).mkdir(parents=True)
    for name in names:
        (root / PAGES / f"{name}.md").touch()
