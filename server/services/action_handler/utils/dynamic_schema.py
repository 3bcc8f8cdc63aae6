"""Response models derived from the actions, all of them or those that a phase allows, and the schema of each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from server.enums.action_type import ActionType
from server.services.action_handler.models.actions import (
    ACTION_MODELS,
    ACTION_PARAMS,
    PARAMS_FILE,
    ActionModel,
)
from server.services.action_handler.models.base import ActionParams, ParamsError
from server.services.action_handler.models.text import MESSAGE_LIMIT, StorableText
from server.services.action_handler.utils.strict_mode import problems_of

# Derived from the params classes: nothing to add here for a new action.
ACTION_TYPE_TO_MODEL = ACTION_MODELS


@dataclass(frozen=True, slots=True)
class ProposedAction:
    """One action of a response, in its canonical place."""

    action_type: ActionType
    params: ActionParams


class ChatResponse(BaseModel):
    """A coach's structured response: a message and at most one of each action."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    message: StorableText = Field(max_length=MESSAGE_LIMIT, description="What the coach says to the user.")

    def actions(self) -> list[ProposedAction]:
        """The actions of the response in canonical order, whatever the order of its keys."""
        chosen = ((action_type, getattr(self, action_type, None)) for action_type in ActionType)
        return [ProposedAction(key, model.params) for key, model in chosen if isinstance(model, ActionModel)]


def response_model(name: str, allowed: Iterable[ActionType]) -> type[ChatResponse]:
    """A response model with one optional field for each allowed action."""
    chosen = set(allowed)
    fields: dict[str, Any] = {
        action_type.value: (ACTION_TYPE_TO_MODEL[action_type] | None, _left_out(action_type))
        for action_type in ActionType
        if action_type in chosen
    }
    return create_model(name, __base__=ChatResponse, __doc__=ChatResponse.__doc__, **fields)


def _left_out(action_type: ActionType) -> Any:
    """An action may be left out; one that was renamed is taken by its old names too, from stored responses say."""
    names = action_type.wire_ids
    return None if len(names) == 1 else Field(default=None, validation_alias=AliasChoices(*names))


@lru_cache(maxsize=64)
def phase_response_model(allowed: frozenset[ActionType]) -> type[ChatResponse]:
    """The response model for exactly these allowed actions, cached."""
    return response_model("PhaseChatResponse", allowed)


def strict_schema(model: type[ChatResponse]) -> dict[str, Any]:
    """The JSON schema of a response model, as strict structured outputs take it: `message`, then each action or null.

    Cached; the caller may keep and change what it is given.
    """
    schema: dict[str, Any] = json.loads(_strict_json(model))
    return schema


@lru_cache(maxsize=64)
def _strict_json(model: type[ChatResponse]) -> str:
    schema = _strict(model)
    del schema["properties"]["message"]["maxLength"]  # strict mode has no lengths; the model itself checks it
    return json.dumps(schema)


class _EveryKeyRequired(GenerateJsonSchema):
    """What may be left out is null instead, and nothing has a default."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        return True

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def _strict(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(schema_generator=_EveryKeyRequired)
    written = _written_out(schema, schema.get("$defs", {}))
    text = json.dumps(written)
    definitions = {name: one for name, one in written.pop("$defs", {}).items() if f'"#/$defs/{name}"' in text}
    return {**written, "$defs": definitions} if definitions else written


def _written_out(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without titles, which repeat names; a reference with keywords beside it is written out."""
    if "$ref" in node and len(node) > 1:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        node = {**definitions[node["$ref"].removeprefix("#/$defs/")], **beside}
    written = {key: value for key, value in node.items() if key != "title"}
    for key in written.keys() & {"properties", "$defs"}:
        written[key] = {name: _written_out(child, definitions) for name, child in written[key].items()}
    if "items" in written:
        written["items"] = _written_out(written["items"], definitions)
    if "anyOf" in written:
        written["anyOf"] = [_written_out(choice, definitions) for choice in written["anyOf"]]
    return written


def check_params(params: type[ActionParams]) -> None:
    """Raises `ParamsError` where strict structured outputs would not take the class; it names class, field and mend."""
    if problems := problems_of(_strict(params), params.__name__):
        raise ParamsError(f"{PARAMS_FILE}: {problems[0]}")


for _params in ACTION_PARAMS.values():
    check_params(_params)
