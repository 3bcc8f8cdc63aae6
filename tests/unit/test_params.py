"""What a params class may be, and what becomes of the texts in it."""

from enum import Enum
from typing import Annotated, Any

import pytest
from pydantic import ConfigDict, Field, ValidationError, create_model

from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.actions import ACTION_MODELS, ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams, ParamsError
from server.services.action_handler.models.params import CreateIdentityParams, UpdateWhoYouAreParams
from server.services.action_handler.models.text import Name, OptionalProse, Prose, RowId, StorableText
from server.services.action_handler.outcomes import Refusal


class Plain(Enum):
    """Not an enum of text."""

    ONE = 1


def declare(annotation: Any, default: Any = ..., *, doc: str | None = "What it does.") -> type[ActionParams]:
    """A params class `Sample` with the one field `thing`."""
    return create_model("Sample", __base__=ActionParams, __doc__=doc, thing=(annotation, default))


def described(annotation: Any) -> Any:
    return Annotated[annotation, Field(description="A thing.")]


ALLOWED = {
    "a name": Name,
    "prose": Prose,
    "an id": RowId,
    "an enum": IdentityCategory,
    "a list of names": list[Name],
    "a list of an enum": list[IdentityCategory],
}
WITHOUT_A_RULE = {
    "str": str,
    "StorableText": StorableText,
    "a list of str": list[str],
    "a list of StorableText": list[StorableText],
}
MAY_BE_NONE = {"str": str | None, "Prose": Prose | None, "an enum": IdentityCategory | None}
REFUSED = [
    dict[str, str],
    dict,
    Any,
    object,
    int,
    float,
    bool,
    Plain,
    str | int,
    list,
    list[dict[str, str]],
    list[list[str]],
    list[str | None],
    list[IdentityCategory | None],
    tuple[str, ...],
    set[str],
    CreateIdentityParams,
]


@pytest.mark.parametrize("annotation", ALLOWED.values(), ids=ALLOWED)
def test_a_field_may_be_text_an_enum_or_a_list_of_these(annotation: Any) -> None:
    assert "thing" in declare(described(annotation)).model_fields


@pytest.mark.parametrize("annotation", WITHOUT_A_RULE.values(), ids=WITHOUT_A_RULE)
def test_text_without_a_rule_is_refused_at_import(annotation: Any) -> None:
    with pytest.raises(ParamsError, match=r"Sample\.thing is text without a rule, .*: use Name, Prose, "):
        declare(described(annotation))


@pytest.mark.parametrize("annotation", MAY_BE_NONE.values(), ids=MAY_BE_NONE)
def test_what_may_be_none_is_refused_in_plain_words(annotation: Any) -> None:
    with pytest.raises(
        ParamsError, match=r"Sample\.thing may be None: .* OptionalProse of models/text\.py\.$"
    ):
        declare(described(annotation))


def test_a_refused_type_is_told_as_it_is_written() -> None:
    with pytest.raises(ParamsError, match=r"Sample\.thing is list\[str \| None\]: use text"):
        declare(described(list[Name | None]))
    with pytest.raises(ParamsError, match=r"Sample\.thing is dict\[str, list\[int\]\]: use text"):
        declare(described(dict[Prose, list[int]]))


@pytest.mark.parametrize("annotation", REFUSED, ids=str)
def test_any_other_type_is_refused_at_import(annotation: Any) -> None:
    with pytest.raises(
        ParamsError, match=r"^\w[\w/]*\.py: Sample\.thing is .*: use text, an enum of server/enums, or a list"
    ):
        declare(described(annotation))


@pytest.mark.parametrize(
    "default",
    ["x", None, Field(default="x"), Field(default_factory=str)],
    ids=["a value", "None", "a Field", "a factory"],
)
def test_a_default_is_refused_at_import(default: Any) -> None:
    with pytest.raises(ParamsError, match=r"^\w[\w/]*\.py: Sample\.thing has a default: .* remove it\.$"):
        declare(described(Name), default)


def test_a_missing_description_is_refused_at_import() -> None:
    with pytest.raises(ParamsError, match=r"^\w[\w/]*\.py: Sample\.thing has no description: add Field"):
        declare(Name)


@pytest.mark.parametrize("doc", [None, "", "  \n"])
def test_a_missing_docstring_is_refused_at_import(doc: str | None) -> None:
    with pytest.raises(
        ParamsError, match=r"^\w[\w/]*\.py: Sample has no docstring: write what the action does"
    ):
        declare(described(Name), doc=doc)


def test_extra_keys_are_refused_at_import() -> None:
    with pytest.raises(ParamsError, match=r"^tests/unit/test_params\.py: Loose takes extra keys: leave"):

        class Loose(ActionParams):
            """Takes whatever comes."""

            model_config = ConfigDict(extra="allow")


def test_every_action_has_params_and_a_model_in_canonical_order() -> None:
    assert list(ACTION_PARAMS) == list(ACTION_MODELS) == list(ActionType)
    assert ACTION_PARAMS[ActionType.UPDATE_I_AM_STATEMENT].__name__ == "UpdateIAmStatementParams"
    assert ACTION_MODELS[ActionType.UPDATE_I_AM_STATEMENT].__name__ == "UpdateIAmStatementAction"


def sample(**values: Any) -> CreateIdentityParams:
    good = {"name": "Cook", "category": IdentityCategory.SPIRITUAL, "note": ""}
    return CreateIdentityParams.model_validate({**good, **values})


def test_cleaned_trims_every_text_and_leaves_the_rest() -> None:
    raw = sample(name=" \t Night  Gardener\n", note="\u2003")
    cleaned = raw.cleaned()
    assert cleaned == sample(name="Night  Gardener", note="")
    assert cleaned.category is IdentityCategory.SPIRITUAL
    assert raw.name == " \t Night  Gardener\n", "the params as they came are kept as they came"


def test_cleaned_trims_the_items_of_a_list() -> None:
    cleaned = UpdateWhoYouAreParams(who_you_are=[" Father", "Cook "]).cleaned()
    assert cleaned.who_you_are == ["Father", "Cook"]


def test_cleaned_leaves_a_list_of_enums() -> None:
    params = declare(described(list[IdentityCategory])).model_validate({"thing": ["spiritual"]}).cleaned()
    assert params.model_dump()["thing"][0] is IdentityCategory.SPIRITUAL


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (sample(name=""), 'The parameter "name" is blank.'),
        (sample(name=" \n"), 'The parameter "name" is blank.'),
        (sample(name="x" * 256), 'The parameter "name" has 256 characters; the limit is 255.'),
        (sample(note="x" * 4_001), 'The parameter "note" has 4,001 characters; the limit is 4,000.'),
        (
            UpdateWhoYouAreParams(who_you_are=["a"] * 101),
            'The parameter "who_you_are" has 101 items; the limit is 100.',
        ),
        (UpdateWhoYouAreParams(who_you_are=["a", ""]), 'The parameter "who_you_are[1]" is blank.'),
        (
            UpdateWhoYouAreParams(who_you_are=["x" * 256]),
            'The parameter "who_you_are[0]" has 256 characters; the limit is 255.',
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_cleaned_refuses_what_is_blank_or_too_long(params: ActionParams, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        params.cleaned()
    assert (refusal.value.rejected.reason, refusal.value.rejected.kind) == (reason, ErrorKind.INVALID_PARAMS)


@pytest.mark.parametrize(
    "params",
    [
        sample(name=f"  {'x' * 255}  "),
        sample(note="é" * 4_000),
        UpdateWhoYouAreParams(who_you_are=["a"] * 100),
    ],
    ids=["name", "note", "list"],
)
def test_cleaned_takes_what_just_fits(params: ActionParams) -> None:
    params.cleaned()


@pytest.mark.parametrize(
    "values",
    [
        {"name": None},
        {"name": 5},
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"category": "Spiritual"},
        {"category": None},
        {"extra": "x"},
    ],
    ids=str,
)
def test_a_wrong_shape_is_no_params(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sample(**values)


@pytest.mark.parametrize("missing", ["name", "category", "note"])
def test_a_missing_key_is_no_params(missing: str) -> None:
    values = sample().model_dump()
    del values[missing]
    with pytest.raises(ValidationError):
        CreateIdentityParams.model_validate(values)


def test_an_optional_text_may_be_blank() -> None:
    declare(described(OptionalProse)).model_validate({"thing": " "}).cleaned()
