"""The structured response of a coach."""

from server.enums.action_type import ActionType
from server.services.action_handler.utils.dynamic_schema import ChatResponse, response_model

__all__ = ["ChatResponse", "CoachChatResponse"]

# Derived from the params classes: nothing to add here for a new action.
CoachChatResponse = response_model("CoachChatResponse", ActionType)
"""`message` and one optional field per action: `{"message": str, "<action_type>": {"params": {…}} | null, …}`."""
