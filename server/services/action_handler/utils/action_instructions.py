"""What the model is told about each action."""

from collections.abc import Iterable
from inspect import cleandoc

from server.enums.action_type import ActionType
from server.services.action_handler.models.actions import ACTION_PARAMS

__all__ = ["ACTION_PARAMS", "action_instructions"]


def action_instructions(allowed: Iterable[ActionType]) -> str:
    """A Markdown list of the allowed actions, their purpose and their parameters, in canonical order."""
    chosen = set(allowed)
    return "\n".join(_instruction(action_type) for action_type in ACTION_PARAMS if action_type in chosen)


def _instruction(action_type: ActionType) -> str:
    params = ACTION_PARAMS[action_type]
    purpose = cleandoc(params.__doc__ or "")
    fields = "\n".join(f"  - `{name}`: {field.description}" for name, field in params.model_fields.items())
    return f"- `{action_type}`: {purpose}\n{fields}"
