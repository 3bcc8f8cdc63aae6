"""The line of a place is found in any JSON text, whatever its texts hold and however it is laid out."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.services.scenario_replay.places import line_of, repeated_key

MARK = "here it is"
KEYS = st.text(max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def marked(value: Any, place: list[int | str], choose: Any) -> Any:
    """The value with a mark somewhere in it; `place` takes the way there."""
    if isinstance(value, dict) and value:
        key = choose(st.sampled_from(sorted(value)))
        place.append(key)
        return {**value, key: marked(value[key], place, choose)}
    if isinstance(value, list) and value:
        number = choose(st.integers(0, len(value) - 1))
        place.append(number)
        return [*value[:number], marked(value[number], place, choose), *value[number + 1 :]]
    return MARK


@given(value=VALUES, indent=st.sampled_from([None, 0, 1, "\t"]), is_ascii=st.booleans(), data=st.data())
def test_the_line_of_a_place_is_where_it_stands(value: Any, indent: Any, is_ascii: bool, data: Any) -> None:
    place: list[int | str] = []
    text = "\n" + json.dumps(marked(value, place, data.draw), indent=indent, ensure_ascii=is_ascii)
    assert line_of(text, place) == text[: text.index(MARK)].count("\n") + 1
    assert line_of(text, [*place, "not there"]) == line_of(text, place)


@given(value=VALUES, indent=st.sampled_from([None, 1]))
def test_no_text_is_taken_for_a_key_that_stands_twice(value: Any, indent: Any) -> None:
    assert repeated_key(json.dumps(value, indent=indent)) is None


def test_a_key_that_stands_twice_is_found_however_it_is_written() -> None:
    assert repeated_key('[{"a": {"a": 1},\n"b": "a",\n"\\u0061": 2}]') == (3, "a")
