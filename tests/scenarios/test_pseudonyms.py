"""Other words keep all that a handler looks at, and nothing that a reader would."""

from typing import Annotated, Any, get_args, get_origin

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from server.models.identity_name import name_key
from server.services.action_handler.wording import excerpt
from server.services.scenario_replay.freezing import WRITTEN
from server.services.scenario_replay.pseudonyms import Pseudonyms
from server.services.scenario_replay.scenario import Expectation, Start, Turn
from tests.coach.strategies import STORED_TEXT

KEY = b"secret"
NEAR = [
    "Cook",
    "cook",
    "COOK ",
    "Straße",
    "STRASSE",
    "Strasse",
    "Σίσυφος",
    "ΣΊΣΥΦΟΣ",
    "σίσυφοσ",
    "é",
    "é",
    "ﬁsh",
    "fish",
]
NAME = st.one_of(st.sampled_from(NEAR), STORED_TEXT, st.text("aAbBß ", min_size=1, max_size=4))
PLAIN = st.text("abcDEF Ünï9-./", max_size=30)


@settings(max_examples=200, deadline=None)
@given(first=NAME, second=NAME)
@example(first="Straße", second="STRASSE")
@example(first="Straße", second="Strasse")
@example(first="é", second="é")
def test_what_is_equal_stays_equal_and_nothing_else(first: str, second: str) -> None:
    rename = Pseudonyms.of([first, second], key=KEY)
    assert (rename(first) == rename(second)) == (first == second)
    assert (name_key(rename(first)) == name_key(rename(second))) == (name_key(first) == name_key(second))


@settings(max_examples=200, deadline=None)
@given(text=STORED_TEXT | PLAIN)
def test_length_and_blankness_stay(text: str) -> None:
    other = Pseudonyms.of([text], key=KEY)(text)
    assert len(other) == len(text)
    assert len(other.strip()) == len(text.strip())
    assert excerpt(other).count(" ") == excerpt(text).count(" ")


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(PLAIN, max_size=5))
def test_words_that_tell_something_are_gone(texts: list[str]) -> None:
    rename = Pseudonyms.of(texts, key=KEY)
    words = {word.casefold() for text in texts for word in text.replace("-", " ").replace("/", " ").split()}
    long = {word.strip(".") for word in words if len(word.strip(".")) >= 3 and word.strip(".").isalnum()}
    renamed = " ".join(map(rename, texts)).casefold()
    assert not long & {word.strip(".") for word in renamed.replace("-", " ").replace("/", " ").split()}


def test_it_does_not_matter_in_what_order_they_are_read() -> None:
    texts = ["a b c d e f", "F E D", "Ada ada ADA"]
    one, other = Pseudonyms.of(texts, key=KEY), Pseudonyms.of(texts[::-1], key=KEY)
    assert [one(text) for text in texts] == [other(text) for text in texts]


def test_with_another_secret_they_are_others() -> None:
    one, other = (Pseudonyms.of(["Night Gardener"], key=key) for key in (KEY, b"other"))
    assert one("Night Gardener") != other("Night Gardener")


def test_the_same_word_is_the_same_within_sentences_names_and_addresses() -> None:
    rename = Pseudonyms.of(["Ada, ADA (ada@example.org)"], key=KEY)
    ada = rename("ada")
    assert rename("Ada, ADA (ada@example.org)").startswith(f"{ada.capitalize()}, {ada.upper()} ({ada}@")


def test_however_many_short_words_there_are_each_has_its_own() -> None:
    letters = [chr(code) for code in range(0x61, 0x500) if chr(code).isalnum()]
    keys = {name_key(letter) for letter in letters}
    rename = Pseudonyms.of(letters, key=KEY)
    assert len({name_key(rename(letter)) for letter in letters}) == len(keys)


NOT_BY_ANYBODY = {"ref", "current_identity"}
"""References, and an id or a reference, which has a rule of its own."""


def test_every_text_of_a_scenario_is_known_to_be_somebodys() -> None:
    """What is added to the format goes out in other words, or is named above."""
    found = set(names_of_texts(Start)) | set(names_of_texts(Expectation)) | {"user"}
    assert names_of_texts(Turn) == ["user"]
    assert found == WRITTEN - {"message"} | NOT_BY_ANYBODY


def names_of_texts(annotation: Any) -> list[str]:
    """The fields, of this model or what it is made of, that hold text."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return [name for part in get_args(annotation) for name in names_of_texts(part)]
    return [
        found
        for name, field in annotation.model_fields.items()
        for found in (names_of_texts(field.annotation) or [name] * has_text(field.annotation))
    ]


def has_text(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is dict:
        return False  # a response: of that, whatever is no enum counts as written
    return annotation is str or any(has_text(part) for part in get_args(annotation))
