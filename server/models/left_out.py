"""An action that the coach wanted, and that was not accepted with its message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.services.action_handler.outcomes import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """It becomes a row that says why, and never runs.

    `action_type` is the name that the coach gave it, which may be no action's; `parameters` are empty where they could
    not be stored as an action's.
    """

    action_type: str
    parameters: Mapping[str, Any]
    rejected: Rejected
