"""Every case of this directory, by action."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from tests.actions.cases import Case


def _all_cases() -> list[Case]:
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    modules = [
        import_module(f"{__package__}.{file.stem}") for file in files if "\nCASES = " in file.read_text()
    ]
    return [case for module in modules for case in module.CASES]


CASES_OF: Mapping[ActionType, list[Case]] = {
    action_type: [case for case in _all_cases() if case.action_type is action_type]
    for action_type in ActionType
}


def cases_that(status: ActionStatus, action_type: ActionType) -> list[Case]:
    """The action's cases that end so."""
    return [case for case in CASES_OF[action_type] if case.status is status]
