"""Whatever a model writes, and however often: what was told is the message in the end."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.services.coach.model_coach.reading import complete_answer, message_so_far
from server.services.coach.model_coach.telling import Telling
from tests.model_coach.asking import Heard

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
SIMILAR = st.text(alphabet="ab", max_size=6)


@given(messages=st.lists(TEXTS | SIMILAR, min_size=1, max_size=4), is_escaped=st.booleans())
def test_answers_that_are_written_one_after_the_other(messages: list[str], *, is_escaped: bool) -> None:
    """Character by character; the last one counts."""
    heard = Heard()
    telling = Telling(heard)
    for message in messages:
        text = json.dumps({"message": message, "add_user_note": None}, ensure_ascii=is_escaped)
        before = ""
        for end in range(len(text) + 1):
            so_far = message_so_far(text[:end])
            assert message.startswith(so_far)
            assert so_far.startswith(before)
            telling.grew(so_far)
            before = so_far
        assert before == message
    telling.settle(messages[-1])
    assert heard.shown == messages[-1]


@given(
    answer=st.dictionaries(TEXTS, st.none() | TEXTS),
    times=st.integers(1, 3),
    between=st.sampled_from(["", " ", "\n"]),
)
def test_an_object_that_is_repeated_is_read_once(
    answer: dict[str, str | None], times: int, between: str
) -> None:
    assert complete_answer(between.join([json.dumps(answer)] * times)) == answer


@pytest.mark.parametrize("after", [" ok", "[1]", '{"message": "He', '{"a": 1, "a": 2}', "}", "\n```"])
def test_whatever_stands_after_the_first_object_the_first_one_counts(after: str) -> None:
    assert complete_answer(f'{{"message": "Hello."}}{after}') == {"message": "Hello."}
