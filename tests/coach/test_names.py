"""What the offline coach reads out of a text."""

import pytest

from server.services.coach.offline import words
from server.services.coach.offline.names import as_name, names_in, statements_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Night gardener and cook", ["Night gardener", "Cook"]),
        ("night gardener, cook & runner", ["Night gardener", "Cook", "Runner"]),
        ("I am a runner", ["Runner"]),
        ("I'm a painter, a singer and a friend", ["Painter", "Singer", "Friend"]),
        ("I love cooking and I am a runner", ["Runner"]),
        ("I am a runner who loves the woods, and rain", ["Runner"]),
        ("I am a cook and I love it", ["Cook"]),
        ("I want to be an honest friend.", ["Honest friend"]),
        ("- cook\n- cook\n2) runner", ["Cook", "Runner"]),
        ("“Mother of two”", ["Mother of two"]),
        ("cook, runner, COOK, painter", ["Cook", "Runner", "Painter"]),
        ("maybe a dancer too?", ["Dancer"]),
        ("🎨", ["🎨"]),
        ("גנן לילה", ["גנן לילה"]),
        ("夜の庭師", ["夜の庭師"]),
        ("I love to cook and garden", []),
        ("I am not a cook", []),
        ("I'm going home", []),
        ("I am 42", []),
        ("This is a long sentence about my garden at night", []),
        ("...", []),
        ("", []),
    ],
)
def test_names_in(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_statements_are_kept_apart() -> None:
    stated = statements_in("I am a mother. I want to be calm and I'm also a nurse!")
    assert stated.are == ("Mother", "Nurse")
    assert stated.want_to_be == ("Calm",)


@pytest.mark.parametrize(
    "text", ["yes", "Yes!", "yes, please", "OK", "👍", "Sounds good.", "I do", "yes it fits"]
)
def test_a_yes(text: str) -> None:
    assert words.says_yes(text)


@pytest.mark.parametrize(
    "text", ["no", "yes and no", "yesterday", "not yet", "", "a yes man", "yes, but not that one"]
)
def test_no_yes(text: str) -> None:
    assert not words.says_yes(text)


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("abc" + "e\N{COMBINING ACUTE ACCENT}" * 2, 5, "abc…"),
        ("ab👩\N{ZERO WIDTH JOINER}🚀 x", 5, "ab…"),
        ("\N{COMBINING ACUTE ACCENT}" * 9, 3, "\N{COMBINING ACUTE ACCENT}" * 2 + "…"),
    ],
)
def test_clip_parts_no_letter_from_its_accents(text: str, limit: int, clipped: str) -> None:
    assert words.clip(text, limit) == clipped


def test_a_name_is_one_line_within_the_limit() -> None:
    assert as_name("  night\n\ngardener. ") == "Night gardener"
    assert as_name("x\x00y\ud800") == "Xy"
    assert len(as_name("ß" * 255)) <= 255
    assert as_name("\u200b..") == ""
