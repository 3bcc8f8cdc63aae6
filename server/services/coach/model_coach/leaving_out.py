"""The actions of an answer that was not accepted, each with why: what the model wanted is not dropped in silence."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from server.enums.action_type import ActionType
from server.enums.error_kind import ErrorKind
from server.models.left_out import LeftOut
from server.services.action_handler.models.actions import ACTION_MODELS
from server.services.action_handler.outcomes import Rejected

ACTION_TYPES = frozenset(action_type.value for action_type in ActionType)

PARAMETERS_LIMIT = 30_000
"""Characters of an action's parameters that are kept: all that hold to the rules have room."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""What may be an action's name; it is shown to people, and stands in the next prompt."""

MOST_UNKNOWN = 5

WITH_THE_OTHERS = Rejected(
    "Left out, because something else in the coach's answer could not be accepted.", ErrorKind.CONFLICT
)


def left_out(answer: Mapping[str, Any], why: Mapping[str, Rejected]) -> tuple[LeftOut, ...]:
    """The answer's actions in canonical order, then those that there are not; `why` knows those that are wrong."""
    known = (
        LeftOut(
            action_type=action_type.value,
            parameters=_parameters(action_type, answer[action_type.value]),
            rejected=why.get(action_type.value, WITH_THE_OTHERS),
        )
        for action_type in ActionType
        if answer.get(action_type.value) is not None
    )
    unknown = (
        LeftOut(
            action_type=name,
            parameters={},
            rejected=Rejected(f'There is no action "{name}".', ErrorKind.UNKNOWN_ACTION),
        )
        for name in islice(_unknown(answer), MOST_UNKNOWN)
    )
    return (*known, *unknown)


def _unknown(answer: Mapping[str, Any]) -> Iterator[str]:
    """The keys that look like actions, and are none."""
    return (
        name
        for name, value in answer.items()
        if name not in ACTION_TYPES and isinstance(value, Mapping) and NAME.fullmatch(name)
    )


def _parameters(action_type: ActionType, action: object) -> Mapping[str, Any]:
    """The action's parameters, where they have its shape: others may hold what cannot be stored."""
    try:
        parameters = ACTION_MODELS[action_type].model_validate(action).params.model_dump(mode="json")
    except ValidationError:
        return {}
    return parameters if len(json.dumps(parameters, ensure_ascii=False)) <= PARAMETERS_LIMIT else {}
