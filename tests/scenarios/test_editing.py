"""A value in a JSON text becomes another, and everything that stays the same keeps its layout."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.services.scenario_replay.editing import with_member
from tests.scenarios.test_places import VALUES


@given(
    old=VALUES,
    new=VALUES,
    indent=st.sampled_from([None, 0, 1, "\t"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_the_value_is_the_new_one_whatever_both_are(old: Any, new: Any, indent: Any, newline: str) -> None:
    before, after = ({"a": [1], "expect": value, "z": {}} for value in (old, new))
    text = json.dumps(before, indent=indent).replace("\n", newline)
    assert json.loads(with_member(text, "expect", new)) == after
    assert with_member(text, "expect", old) == text


BY_HAND = """{"name": "Café",
   "expect": {
     "state":   {"phase": "introduction"},
     "rows": [
       {"name": "One", "done": false},
       {"name": "Two", "done": false}
     ],
     "notes": []
   }
}
"""


def replaced(*pairs: tuple[str, str]) -> str:
    text = BY_HAND
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ({"state": {"phase": "warm_up"}}, [("introduction", "warm_up")]),
        (
            {"rows": [{"name": "One", "done": False}, {"name": "Two", "done": True}]},
            [('"Two", "done": false', '"Two", "done": true')],
        ),
        ({"rows": [{"name": "One", "done": False}]}, [(',\n       {"name": "Two", "done": false}', "")]),
        (
            {"rows": []},
            [
                (
                    '[\n       {"name": "One", "done": false},\n       {"name": "Two", "done": false}\n     ]',
                    "[]",
                )
            ],
        ),
        (
            {"rows": [{"name": "One", "done": False}, {"name": "Two", "done": False}, {"name": "Zoë"}]},
            [('"Two", "done": false}', '"Two", "done": false},\n       {"name": "Zoë"}')],
        ),
        (
            {"notes": [{"note": "x"}]},
            [('"notes": []', '"notes": [\n        {\n           "note": "x"\n        }\n     ]')],
        ),
    ],
    ids=["a value", "one in a row", "a row less", "no row", "a row more", "a first row"],
)
def test_only_what_is_another_is_written_anew(change: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    new = json.loads(BY_HAND)["expect"] | change
    assert with_member(BY_HAND, "expect", new) == replaced(*pairs)


def test_what_a_text_does_not_have_cannot_become_another() -> None:
    with pytest.raises(KeyError, match="expect"):
        with_member('{"name": "One"}', "expect", {})


def test_the_mark_that_an_editor_begins_with_stays() -> None:
    assert with_member('\ufeff{"expect": 1}', "expect", 2) == '\ufeff{"expect": 2}'
