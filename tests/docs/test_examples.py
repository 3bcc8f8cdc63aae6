"""The code on the page about testing an action does what the page says."""

import re

from server.services.crash_points import CrashPoint
from tests.contracts.sources import ROOT

PAGE = ROOT / "docs/docs/core-systems/action-handler/testing-an-action.md"


def test_the_examples_of_the_page_about_testing_pass() -> None:
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(block, names)  # noqa: S102  (our own page)
    examples = [example for name, example in names.items() if name.startswith("test_")]
    assert len(examples) == 3
    for example in examples:
        assert callable(example)
        example()


def test_the_page_names_every_crash_point() -> None:
    assert re.findall(r"^\| `(\w+)` \| .*$", PAGE.read_text().split("| crash point |")[1], re.MULTILINE) == [
        point.value for point in CrashPoint
    ]
