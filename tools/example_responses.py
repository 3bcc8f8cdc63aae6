"""An example response for each action: `examples/responses/<action type>.json`, held against the server's models."""

import json
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from server.enums.action_type import ActionType
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams

DIRECTORY = Path("examples/responses")
MESSAGE = "I have taken care of it."

IDENTITY_ID = "0c6f1f0e-5b0a-4f0e-9a52-3f1d2b7c8e01"
OTHER_IDENTITY_ID = "0c6f1f0e-5b0a-4f0e-9a52-3f1d2b7c8e02"
USER_NOTE_ID = "0c6f1f0e-5b0a-4f0e-9a52-3f1d2b7c8e03"
VALUES: Mapping[str, object] = {
    "identity_id": IDENTITY_ID,
    "identity_id_a": IDENTITY_ID,
    "identity_id_b": OTHER_IDENTITY_ID,
    "parent_identity_id": OTHER_IDENTITY_ID,
    "user_note_id": USER_NOTE_ID,
    "name": "Moon Gardener",
    "category": "spiritual",
    "note": "Works best after midnight.",
    "i_am_statement": "I am the one who lets things grow.",
    "visualization": "The moon over the beans, and nobody in a hurry.",
    "to_phase": "identity_refinement",
    "who_you_are": ["A listener", "A tinkerer"],
    "who_you_want_to_be": ["A storyteller"],
    "asked_question": "hobbies_interests",
}
"""What stands for a parameter of that name. One that is not here, or does not fit, gets a value of its kind."""

OWN_VALUES: Mapping[str, Mapping[str, object]] = {
    "unskip_identity_category": {"category": "keeper_of_money"},
}
"""Where an action wants another one."""


def example_responses() -> dict[Path, str]:
    """The example of every action, as a file that `coach submit` takes."""
    return {path_of(action_type): f"{example(action_type)}\n" for action_type in ActionType}


def stale_example_responses(root: Path) -> list[Path]:
    """Examples of actions that are gone."""
    wanted = {path_of(action_type) for action_type in ActionType}
    found = (path.relative_to(root) for path in (root / DIRECTORY).glob("*.json"))
    return [path for path in found if path not in wanted]


def path_of(action_type: ActionType) -> Path:
    return DIRECTORY / f"{action_type.value}.json"


def example(action_type: ActionType) -> str:
    """The response as JSON. Raises `ValidationError` or `Refusal` where the server would not take it."""
    params = example_params(action_type).model_dump(mode="json")
    response = {"message": MESSAGE, action_type.value: {"params": params}}
    CoachChatResponse.model_validate(response)
    return json.dumps(response, indent=2, ensure_ascii=False)


def example_params(action_type: ActionType) -> ActionParams:
    params = ACTION_PARAMS[action_type]
    own = OWN_VALUES.get(action_type.value, {})
    values = {name: own.get(name, _value(name, field)) for name, field in params.model_fields.items()}
    return params.model_validate(values).cleaned()


def _value(name: str, field: FieldInfo) -> object:
    known = VALUES.get(name)
    is_list = get_origin(field.annotation) is list
    kind = get_args(field.annotation)[0] if is_list else field.annotation
    if known is not None and isinstance(known, list) == is_list and _fits(known, kind):
        return known
    one = _of_kind(name, kind)
    return [one] if is_list else one


def _fits(known: object, kind: Any) -> bool:
    members = [member.value for member in kind] if _is_enum(kind) else None
    return members is None or known in members


def _of_kind(name: str, kind: Any) -> object:
    if _is_enum(kind):
        return next(iter(kind)).value
    if name.endswith("_id"):
        return USER_NOTE_ID if "note" in name else IDENTITY_ID
    return f"Some words about the {name.replace('_', ' ')}."


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)
