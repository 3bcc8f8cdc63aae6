"""What the page about the model coach says of each failure is what is said."""

import re

from server.enums.coach_failure_kind import CoachFailureKind
from server.services.coach.failure import SENTENCES
from tests.contracts.sources import ROOT

PAGE = ROOT / "docs/docs/core-systems/model-coach.md"
ROW = re.compile(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", re.MULTILINE)
AS_ABOVE = "the same"


def test_the_page_tells_of_every_failure_what_the_user_is_told() -> None:
    told: dict[str, str] = {}
    last = ""
    _, heading, part = PAGE.read_text(encoding="utf-8").partition("## When it goes wrong\n")
    assert heading, f"{PAGE} has no such part."
    for kind, said in ROW.findall(part.partition("\n## ")[0]):
        last = last if said == AS_ABOVE else said
        assert told.setdefault(kind, last) == last, f"{PAGE} says two things of {kind!r}."
    assert told == {kind.value: SENTENCES[kind] for kind in CoachFailureKind}
