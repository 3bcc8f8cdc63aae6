"""Response models derived from the actions: all of them, or those that a phase allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from server.enums.action_type import ActionType
from server.services.action_handler.models.actions import ACTION_MODELS, ActionModel
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.text import MESSAGE_LIMIT, StorableText

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
        action_type.value: (ACTION_TYPE_TO_MODEL[action_type] | None, None)
        for action_type in ActionType
        if action_type in chosen
    }
    return create_model(name, __base__=ChatResponse, __doc__=ChatResponse.__doc__, **fields)


@lru_cache(maxsize=64)
def phase_response_model(allowed: frozenset[ActionType]) -> type[ChatResponse]:
    """The response model for exactly these allowed actions, cached."""
    return response_model("PhaseChatResponse", allowed)
