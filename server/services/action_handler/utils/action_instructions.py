"""What the model is told about each action."""

from collections.abc import Iterable
from enum import Enum
from inspect import cleandoc
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from server.enums.action_type import ActionType
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.text import LIST_LIMIT, TextRule

# `ACTION_PARAMS` is derived from the params classes: nothing to add here for a new action.
__all__ = ["ACTION_PARAMS", "action_instructions", "kind_of"]


def action_instructions(allowed: Iterable[ActionType]) -> str:
    """A Markdown list of the allowed actions, their purpose and their parameters, in canonical order."""
    chosen = set(allowed)
    return "\n".join(_instruction(action_type) for action_type in ACTION_PARAMS if action_type in chosen)


def _instruction(action_type: ActionType) -> str:
    params = ACTION_PARAMS[action_type]
    purpose = cleandoc(params.__doc__ or "")
    fields = (
        f"  - `{name}` ({kind_of(field)}): {field.description}" for name, field in params.model_fields.items()
    )
    return "\n".join((f"- `{action_type}`: {purpose}", *fields))


def kind_of(field: FieldInfo) -> str:
    """What a field takes. The schema cannot say the limits of texts, and not every server shows it to its model."""
    if get_origin(field.annotation) is list:
        (item,) = get_args(field.annotation)
        annotation, *metadata = get_args(item) or (item,)
        return f"a list of at most {LIST_LIMIT} items, each {_kind_of_one(annotation, metadata)}"
    return _kind_of_one(field.annotation, field.metadata)


def _kind_of_one(annotation: Any, metadata: Iterable[object]) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"one of {', '.join(one.value for one in annotation)}"
    rule = next((one for one in metadata if isinstance(one, TextRule)), None)
    if rule is None:
        return "text"
    return f"text, at most {rule.limit:,} characters{', may be empty' if rule.may_be_blank else ''}"
