"""Generated parts of pages that are written by hand."""

from pathlib import Path

import pytest

from tools.generated_blocks import BlockError, filled

PATH = Path("docs/docs/page.md")
PAGE = """# Page

By hand.

<!-- generated: params (make generate) -->
<!-- end of generated -->

More by hand.
"""


def test_a_part_is_filled_and_the_rest_stays() -> None:
    once = filled(PATH, PAGE, {"params": "| new |\n"})

    assert once == PAGE.replace("-->\n<!-- end", "-->\n\n| new |\n\n<!-- end")
    assert filled(PATH, once, {"params": "| new |\n"}) == once
    assert "| new |" not in filled(PATH, once, {"params": "| newer |"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (PAGE, "# Page\n", "has no generated part 'params'"),
        ("<!-- end of generated -->\n", "", "begins or ends nothing"),
        ("(make generate)", "", "begins or ends nothing"),
        ("generated: params", "generated: parms", "which nothing writes"),
        (PAGE, PAGE + PAGE, "twice"),
        (
            "<!-- end of generated -->",
            "<!-- generated: params (make generate) -->\n<!-- end of generated -->",
            "no end",
        ),
        ("More by hand.", "<!-- end of generated -->", "begins or ends nothing"),
    ],
)
def test_a_marker_that_is_missing_or_broken_is_an_error_that_names_the_file(
    old: str, new: str, said: str
) -> None:
    with pytest.raises(BlockError, match=said) as caught:
        filled(PATH, PAGE.replace(old, new), {"params": "| new |"})
    assert str(PATH) in str(caught.value)


def test_a_part_that_may_be_missing_is_not_missed() -> None:
    assert filled(PATH, "# Page\n", {"purpose": "words"}, optional=frozenset({"purpose"})) == "# Page\n"
