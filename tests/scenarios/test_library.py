"""The scenarios of `scenarios/`: everything that an action may come to, as it should be."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Judge, Verdict
from server.services.scenario_replay.loading import Loaded, load
from tests.cli.conftest import Coach
from tests.contracts.sources import ROOT
from tests.processes import RoleProcess

LIBRARY = ROOT / "scenarios"
LOADED = load([LIBRARY])
NEVER_SKIPPED = {ActionType.NEST_IDENTITY, ActionType.COMBINE_IDENTITIES}
NEVER_REJECTED = {ActionType.TRANSITION_PHASE}
"""Every phase allows it, and its one parameter is of an enum."""


def told(verdict: Verdict) -> list[str]:
    return [f"{one.difference} by {one.by}" for one in verdict.found]


@pytest.mark.parametrize("loaded", LOADED, ids=lambda loaded: loaded.path.stem)
def test_it_comes_out_as_expected(loaded: Loaded) -> None:
    verdict = Judge().take_inline(loaded.scenario, play_inline(loaded.scenario))
    assert told(verdict) == []
    assert verdict.unresolved == ()


def test_every_action_is_applied_skipped_and_rejected_somewhere() -> None:
    came_to: dict[str, set[str]] = defaultdict(set)
    for loaded in LOADED:
        for action in play_inline(loaded.scenario).end_state.actions:
            came_to[action["action_type"]].add(action["status"])
    for action_type in ActionType:
        wanted = {ActionStatus.SUCCEEDED, ActionStatus.SKIPPED, ActionStatus.REJECTED}
        wanted -= {ActionStatus.SKIPPED} if action_type in NEVER_SKIPPED else set()
        wanted -= {ActionStatus.REJECTED} if action_type in NEVER_REJECTED else set()
        assert came_to[action_type] == {status.value for status in wanted}, action_type


def test_every_phase_occurs() -> None:
    text = "".join(loaded.path.read_text(encoding="utf-8") for loaded in LOADED)
    assert [phase for phase in CoachingPhase if f'"{phase.value}"' not in text] == []


@pytest.mark.timeout(180)
def test_by_the_queue_all_of_them_come_out_the_same(tmp_path: Path, coach: Coach) -> None:
    relay = RoleProcess("relay", tmp_path / "relay.log")
    try:
        done = coach("replay", LIBRARY, "--copies", 2, "--json", tmp_path / "out.json")
    finally:
        relay.stop()
    assert done.returncode == 0, done.stdout
    found = json.loads((tmp_path / "out.json").read_text())["scenarios"]
    assert len(found) == len(LOADED) >= 20
    assert {one["copies"] for one in found} == {2}


def test_the_scenario_of_the_guide_comes_out_as_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs/docs/how-to/write-a-scenario.md").read_text(encoding="utf-8")
    path = tmp_path / "guide.json"
    path.write_text(page.split("```json\n")[1].split("```")[0], encoding="utf-8")
    (loaded,) = load([path])
    assert told(Judge().take_inline(loaded.scenario, play_inline(loaded.scenario))) == []
