"""The structured response of a coach."""

from server.enums.action_type import ActionType
from server.services.action_handler.utils.dynamic_schema import ChatResponse, response_model

__all__ = ["ChatResponse", "CoachChatResponse"]

CoachChatResponse = response_model("CoachChatResponse", ActionType)
"""`message` and one optional field per action: `{"message": str, "<action_type>": {"params": {…}} | null, …}`."""
