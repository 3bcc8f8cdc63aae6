"""What a person reads of an action and of an error."""

import re

import pytest

from server.enums import action_type, error_kind
from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind

LONGEST = 32
SENTENCE_CASE = re.compile(r"[A-Z][a-z]*( [a-z]+| I am)*")


@pytest.mark.parametrize("label", [one.label for one in (*ActionType, *ErrorKind)])
def test_a_label_is_a_short_phrase_in_sentence_case(label: str) -> None:
    assert SENTENCE_CASE.fullmatch(label)
    assert len(label) <= LONGEST


def test_every_action_and_every_kind_of_error_has_a_label_of_its_own() -> None:
    for labels, members in ((action_type.LABELS, list(ActionType)), (error_kind.LABELS, list(ErrorKind))):
        assert list(labels) == members
        assert len(set(labels.values())) == len(labels)
