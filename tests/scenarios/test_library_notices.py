"""What a handler gets wrong is seen by the scenarios: an effect that is lost, and other words for what was done."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from django.db import transaction

from server.enums.action_type import ActionType
from server.services.action_handler import handler
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
from server.services.scenario_replay.comparison import differences_from
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.loading import Loaded
from tests.scenarios.test_library import LOADED, NEVER_SKIPPED

Handler = Callable[..., Outcome]


def without_effect(real: Handler) -> Handler:
    def broken(*arguments: Any) -> Outcome:
        before = transaction.savepoint()
        outcome = real(*arguments)
        transaction.savepoint_rollback(before)
        return outcome

    return broken


def with_other_words(kind: type[Applied] | type[Skipped]) -> Callable[[Handler], Handler]:
    def breaking(real: Handler) -> Handler:
        def broken(*arguments: Any) -> Outcome:
            outcome = real(*arguments)
            return kind("Something happened.") if isinstance(outcome, kind) else outcome

        return broken

    return breaking


WAYS: dict[str, Callable[[Handler], Handler]] = {
    "its effect is lost": without_effect,
    "it says something else": with_other_words(Applied),
    "it skips with other words": with_other_words(Skipped),
}
CASES = [
    pytest.param(action_type, breaking, id=f"{action_type.value}: {way}")
    for action_type in ActionType
    for way, breaking in WAYS.items()
    if not (action_type in NEVER_SKIPPED and "skips" in way)
]


def is_noticed(loaded: Loaded) -> bool:
    return bool(differences_from(loaded.scenario.expect.written(), play_inline(loaded.scenario).end_state))


@pytest.mark.parametrize(("action_type", "breaking"), CASES)
def test_a_broken_handler_is_noticed(
    action_type: ActionType, breaking: Callable[[Handler], Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = handler.ACTION_HANDLERS
    broken = MappingProxyType({**handlers, action_type: breaking(handlers[action_type])})
    monkeypatch.setattr(handler, "ACTION_HANDLERS", broken)
    asking = [
        one
        for one in LOADED
        if any(action_type.value in (turn.response or {}) for turn in one.scenario.turns)
    ]
    assert any(is_noticed(loaded) for loaded in asking), (
        f"No scenario of scenarios/ notices it: let one that asks for {action_type.value!r} expect what should come."
    )
