"""The pages point at what is there."""

import re
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs/docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|/)([^)#\s]+)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """What a link may name after `#`, as the usual renderers make it from headings."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        linked = page.parent / target
        assert linked.exists(), f"{named(page)} links to {target}, which is not there."
        assert not anchor or anchor in anchors(linked), (
            f"{named(page)} links to #{anchor}, no heading of {target}."
        )


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_word_of_make_exists(page: Path) -> None:
    words = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert used <= words, f"{named(page)} names words that the Makefile does not have."


def test_every_code_path_that_a_page_names_exists() -> None:
    for page in PAGES:
        for path in re.findall(
            r"`((?:server|workers|tools|client|examples|docs)/[\w./-]+)`", page.read_text(encoding="utf-8")
        ):
            assert (ROOT / path).exists(), f"{named(page)} names {path}, which is not there."
