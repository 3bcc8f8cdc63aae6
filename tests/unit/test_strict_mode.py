"""What strict structured outputs take, and that every schema of ours is such a one."""

import json
import subprocess
import sys
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, create_model

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams, ParamsError
from server.services.action_handler.models.text import Name
from server.services.action_handler.utils.dynamic_schema import (
    ChatResponse,
    check_params,
    phase_response_model,
    strict_schema,
)
from server.services.action_handler.utils.strict_mode import SchemaSize, problems_of, size_of
from server.services.prompt_manager.phases import allowed_actions
from tests.contracts.sources import ROOT

TEXT = {"type": "string"}
RESPONSES = [CoachChatResponse, *(phase_response_model(allowed_actions(phase)) for phase in CoachingPhase)]


def an_object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def nested(levels: int) -> dict[str, Any]:
    return an_object(inner=nested(levels - 1)) if levels > 1 else an_object()


def enum_of(count: int, length: int = 5) -> dict[str, Any]:
    return {"type": "string", "enum": [f"{number:0{length}}" for number in range(count)]}


def with_definition(inner: dict[str, Any], **definitions: Any) -> dict[str, Any]:
    return {**an_object(inner=inner), "$defs": definitions}


TAKEN: dict[str, dict[str, Any]] = {
    "an empty object": an_object(),
    "text": an_object(name={**TEXT, "title": "Name", "description": "A name."}),
    "text or null": an_object(name={"type": ["string", "null"]}),
    "one of two": an_object(name={"anyOf": [TEXT, {"type": "null"}], "description": "A name."}),
    "a pattern": an_object(name={**TEXT, "pattern": "^a"}, day={**TEXT, "format": "date"}),
    "numbers": an_object(
        count={"type": "integer", "minimum": 1}, share={"type": "number", "multipleOf": 0.1}
    ),
    "a list": an_object(names={"type": "array", "items": TEXT, "minItems": 1, "maxItems": 3}),
    "a constant": an_object(kind={**TEXT, "const": "a"}, yes={"type": "boolean"}),
    "values of every plain type": an_object(
        one={"type": ["string", "null", "number", "boolean"], "enum": ["a", None, 1, 0.5, True]}
    ),
    "a definition": with_definition({"$ref": "#/$defs/Name"}, Name=TEXT),
    "itself": an_object(next={"anyOf": [{"$ref": "#"}, {"type": "null"}]}),
    "objects that begin apart": an_object(
        one={"anyOf": [an_object(a=TEXT, c=TEXT), an_object(b=TEXT, c=TEXT)]}
    ),
    "ten levels": nested(10),
    "a thousand values": an_object(one=enum_of(500), other=enum_of(500)),
    "a long enum": an_object(one=enum_of(251)),
    "five thousand properties": an_object(**{f"p{number}": TEXT for number in range(5_000)}),
    "a property named like a keyword": an_object(default=TEXT, oneOf=TEXT, title=TEXT),
}

REFUSED: dict[str, tuple[Any, str]] = {
    "no object": ([], "schema is []: it must be an object with a `type`."),
    "a root that is no object": (TEXT, "schema is no object at its root: wrap it in one."),
    "a root that may be null": (
        {**an_object(), "type": ["object", "null"]},
        "schema is no object at its root: wrap it in one.",
    ),
    "a root that is a reference": (
        {"$ref": "#/$defs/One", "$defs": {"One": an_object()}},
        "schema is no object at its root: wrap it in one.",
    ),
    "a choice at the root": (
        {"anyOf": [an_object()]},
        "schema has `anyOf` at its root: wrap it in an object.",
    ),
    "a key that is not required": (
        {**an_object(a=TEXT, b=TEXT), "required": ["a"]},
        "schema does not require ['b']: require every key, and let it be null where it may be missing.",
    ),
    "nothing required": (
        {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
        "schema does not require ['a']: require every key, and let it be null where it may be missing.",
    ),
    "a required key that is not there": (
        {**an_object(a=TEXT), "required": ["a", "b"]},
        "schema requires ['b'], which it does not have: add or remove them.",
    ),
    "required that is no list": (
        {**an_object(), "required": True},
        "schema has a `required` that is no list of keys.",
    ),
    "other keys": (
        an_object(a={"type": "object", "properties": {}, "required": []}),
        "schema.a takes other keys than its own: set `additionalProperties` to false.",
    ),
    "other keys in a list's objects": (
        an_object(a={"type": "array", "items": {**an_object(), "additionalProperties": True}}),
        "schema.a[] takes other keys than its own: set `additionalProperties` to false.",
    ),
    "other keys in a choice": (
        an_object(a={"anyOf": [{**an_object(), "additionalProperties": True}, {"type": "null"}]}),
        "schema.a|0 takes other keys than its own: set `additionalProperties` to false.",
    ),
    "other keys in a definition that nothing names": (
        with_definition(TEXT, One={**an_object(), "additionalProperties": TEXT}),
        "schema.$defs.One takes other keys than its own: set `additionalProperties` to false.",
    ),
    "a free-form map": (
        an_object(a={"type": "object", "additionalProperties": False}),
        "schema.a is an object without `properties`, a free-form map: name its keys.",
    ),
    "oneOf": (
        an_object(a={**TEXT, "oneOf": [TEXT]}),
        "schema.a has `oneOf`, which is not supported: use `anyOf`.",
    ),
    "allOf": (
        an_object(a={**TEXT, "allOf": [TEXT]}),
        "schema.a has `allOf`, which is not supported: write one schema that says it all.",
    ),
    "a default": (
        an_object(a={**TEXT, "default": ""}),
        "schema.a has `default`, which is not supported: remove it: every key is required.",
    ),
    "a length": (
        an_object(a={**TEXT, "maxLength": 5}),
        "schema.a has `maxLength`, which is not supported: remove it, and check the text after it was read.",
    ),
    "a keyword of another type": (
        an_object(a={**TEXT, "minimum": 5}),
        "schema.a has `minimum`, which is not supported: remove it.",
    ),
    "keywords beside a reference": (
        with_definition({"$ref": "#/$defs/Name", "description": "A name."}, Name=TEXT),
        "schema.inner has ['description'] beside `$ref`: write the definition out there.",
    ),
    "a reference to nothing": (
        with_definition({"$ref": "#/$defs/Other"}, Name=TEXT),
        "schema.inner refers to '#/$defs/Other', which is not there: name `#` or one of `$defs`.",
    ),
    "a reference to elsewhere": (
        an_object(a={"$ref": "https://example.org/schema.json"}),
        "schema.a refers to 'https://example.org/schema.json', which is not there: name `#` or one of `$defs`.",
    ),
    "definitions that are none": ({**an_object(), "$defs": []}, "schema has `$defs` that are no object."),
    "no type": (an_object(a={"description": "Anything."}), "schema.a has no `type`: name one."),
    "an enum without a type": (an_object(a={"enum": ["a"]}), "schema.a has no `type`: name one."),
    "a type that is none": (
        an_object(a={"type": "text"}),
        (
            "schema.a has the type 'text', which is none: use one of"
            " ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']."
        ),
    ),
    "a type that is no name": (an_object(a={"type": [TEXT]}), f"schema.a has the type [{TEXT!r}]: name one."),
    "a list of anything": (
        an_object(a={"type": "array"}),
        "schema.a is a list without `items`: say what is in it.",
    ),
    "a list of this and that": (
        an_object(a={"type": "array", "items": [TEXT]}),
        "schema.a[] is [{'type': 'string'}]: it must be an object with a `type`.",
    ),
    "an unknown format": (
        an_object(a={**TEXT, "format": "uri"}),
        (
            "schema.a has the format 'uri', which is not supported: use one of"
            " ['date', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'time', 'uuid']."
        ),
    ),
    "an empty enum": (an_object(a={**TEXT, "enum": []}), "schema.a has an `enum` that is no list of values."),
    "an enum with a value twice": (
        an_object(a={**TEXT, "enum": ["a", "a"]}),
        "schema.a has a value twice in `enum`: remove one.",
    ),
    "an enum of objects": (
        an_object(a={**TEXT, "enum": [{}]}),
        "schema.a has values in `enum` that are not plain: use texts, numbers, booleans or null.",
    ),
    "a reference to itself": (
        with_definition({"$ref": "#/$defs/A"}, A={"$ref": "#/$defs/B"}, B={"$ref": "#/$defs/A"}),
        "schema.inner refers to '#/$defs/A', which only refers to itself: write the definition out there.",
    ),
    "a type beside a choice": (
        an_object(a={"type": "string", "anyOf": [TEXT]}),
        "schema.a has ['type'] beside `anyOf`: write them into each of its schemas.",
    ),
    "values of another type": (
        an_object(a={"type": "string", "enum": ["a", 1, None]}),
        "schema.a has the values [1, None], which are not of its type.",
    ),
    "a boolean for a number": (
        an_object(a={"type": "integer", "const": True}),
        "schema.a has the values [True], which are not of its type.",
    ),
    "a constant beside an enum": (
        an_object(a={**TEXT, "enum": ["a"], "const": "a"}),
        "schema.a has `const` beside `enum`: name the one value in `enum`.",
    ),
    "a key twice in required": (
        {**an_object(a=TEXT), "required": ["a", "a"]},
        "schema has a key twice in `required`: remove one.",
    ),
    "an empty choice": (an_object(a={"anyOf": []}), "schema.a has an `anyOf` that is no list of schemas."),
    "objects that begin alike": (
        an_object(a={"anyOf": [an_object(kind=TEXT, b=TEXT), an_object(kind=TEXT, c=TEXT)]}),
        (
            "schema.a has objects in `anyOf` that begin with the same key, of ['kind', 'kind']:"
            " begin each with a key of its own."
        ),
    ),
    "a description that is no text": (
        an_object(a={**TEXT, "description": 5}),
        "schema.a has a `description` that is no text.",
    ),
    "eleven levels": (nested(11), "schema has 11 levels of objects and lists: at most 10."),
    "eleven levels by definitions": (
        with_definition({"$ref": "#/$defs/Deep"}, Deep=nested(10)),
        "schema has 11 levels of objects and lists: at most 10.",
    ),
    "too many properties": (
        an_object(**{f"p{number}": TEXT for number in range(5_001)}),
        "schema has 5,001 properties: at most 5,000.",
    ),
    "too many values": (
        an_object(one=enum_of(500), other=enum_of(501)),
        "schema has 1,001 values in enums: at most 1,000.",
    ),
    "an enum too long": (
        an_object(a=enum_of(251, length=60)),
        "schema.a has 251 values in `enum` with 15,060 characters: above 250 values, at most 15,000.",
    ),
    "too many characters": (
        an_object(**{f"{number:0200}": enum_of(1, length=50) for number in range(481)}),
        "schema has 120,250 characters of names and values: at most 120,000.",
    ),
}


@pytest.mark.parametrize("schema", TAKEN.values(), ids=TAKEN)
def test_what_strict_mode_takes_has_no_problem(schema: dict[str, Any]) -> None:
    assert problems_of(schema) == []


@pytest.mark.parametrize(("schema", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_strict_mode_refuses_is_named_with_its_place_and_the_mend(schema: Any, problem: str) -> None:
    assert problem in problems_of(schema)


WORDS = st.sampled_from(
    ["type", "properties", "required", "items", "anyOf", "enum", "const", "$ref", "$defs", "format", "object"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab#/", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2) | WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(WORDS, JSON | WORDS))
def test_any_json_is_answered(schema: dict[str, Any]) -> None:
    assert all(problem.startswith("schema") and problem.endswith(".") for problem in problems_of(schema))


def test_a_size_counts_names_and_values_of_all_parts() -> None:
    schema = with_definition(
        {"anyOf": [{"$ref": "#/$defs/One"}, enum_of(3)]}, One=an_object(ab={**TEXT, "const": "abc"})
    )
    assert size_of(schema) == SchemaSize(
        properties=2, depth=2, enum_values=3, characters=len("inner" + "One" + "ab" + "abc") + 3 * 5
    )


@pytest.mark.parametrize("response", RESPONSES)
def test_every_response_schema_is_one_that_strict_mode_takes(response: type[ChatResponse]) -> None:
    assert problems_of(strict_schema(response)) == []


@pytest.mark.parametrize("phase", CoachingPhase)
def test_a_phases_schema_has_the_message_first_and_its_actions_in_order(phase: CoachingPhase) -> None:
    allowed = allowed_actions(phase)
    schema = strict_schema(phase_response_model(allowed))
    assert list(schema["properties"]) == ["message", *(one.value for one in ActionType if one in allowed)]


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_a_schema_says_of_an_action_what_its_params_class_says(action_type: ActionType) -> None:
    schema = strict_schema(CoachChatResponse)
    action, null = schema["properties"][action_type]["anyOf"]
    params = ACTION_PARAMS[action_type]
    written = schema["$defs"][f"{params.__name__}"]
    assert null == {"type": "null"}
    assert action["$ref"].endswith(f"/{params.__name__.removesuffix('Params')}Action")
    assert written["description"] == params.__doc__
    assert {name: field["description"] for name, field in written["properties"].items()} == {
        name: field.description for name, field in params.model_fields.items()
    }


@pytest.mark.parametrize("response", RESPONSES)
def test_the_model_takes_what_its_schema_asks_for(response: type[ChatResponse]) -> None:
    properties = strict_schema(response)["properties"]
    answer = {name: "Hello." if name == "message" else None for name in properties}
    assert response.model_validate_json(json.dumps(answer)).actions() == []


def test_a_schema_may_be_changed_by_whom_it_was_given() -> None:
    strict_schema(CoachChatResponse).clear()
    assert strict_schema(CoachChatResponse)["properties"]


def test_equal_allowances_share_one_model() -> None:
    allowed = allowed_actions(CoachingPhase.INTRODUCTION)
    assert phase_response_model(allowed) is phase_response_model(frozenset({*allowed}))


def declare(annotation: Any) -> type[ActionParams]:
    """A params class `Sample` with the one field `thing`."""
    return create_model("Sample", __base__=ActionParams, __doc__="What it does.", thing=(annotation, ...))


@pytest.mark.parametrize(
    ("extra", "fault"),
    [
        ({"max_length": 5}, "has `maxLength`, which is not supported: remove it"),
        ({"json_schema_extra": {"examples": ["a"]}}, "has `examples`, which is not supported: remove it"),
        ({"json_schema_extra": {"default": "a"}}, "has `default`, which is not supported: remove it"),
        ({"json_schema_extra": {"oneOf": []}}, "has `oneOf`, which is not supported: use `anyOf`"),
        (
            {"json_schema_extra": {"format": "uri"}},
            "has the format 'uri', which is not supported: use one of",
        ),
    ],
    ids=["a length", "examples", "a default", "oneOf", "a format"],
)
def test_a_params_class_that_strict_mode_refuses_is_named_with_field_and_mend(
    extra: dict[str, Any], fault: str
) -> None:
    params = declare(Annotated[Name, Field(description="A thing.", **extra)])
    with pytest.raises(ParamsError) as error:
        check_params(params)
    assert str(error.value).startswith(
        f"server/services/action_handler/models/params.py: Sample.thing {fault}"
    )


def test_a_params_class_of_our_kind_is_taken() -> None:
    check_params(declare(Annotated[list[IdentityCategory], Field(description="Things.")]))


def test_a_wrong_params_class_ends_at_import() -> None:
    """Where `server` is imported with it, so that no process starts."""
    wrong = (
        "from typing import Annotated\n"
        "from pydantic import Field\n"
        "from server.services.action_handler.models import params\n"
        "from server.services.action_handler.models.base import ActionParams\n"
        "from server.services.action_handler.models.text import Name\n"
        "class AddUserNoteParams(ActionParams):\n"
        "    '''Remember something.'''\n"
        "    note: Annotated[Name, Field(description='The note.', max_length=9)]\n"
        "params.AddUserNoteParams = AddUserNoteParams\n"
        "import server.models.coach_chat_response\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", wrong], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "server.services.action_handler.models.base.ParamsError: server/services/action_handler/models/params.py:"
        " AddUserNoteParams.note has `maxLength`, which is not supported:"
        " remove it, and check the text after it was read."
    )
