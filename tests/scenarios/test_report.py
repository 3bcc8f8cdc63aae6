"""The report of a replay: what it counts, what it names first, and that it needs nothing beside itself."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from server.enums.action_type import ActionType
from server.services.action_handler import handler
from server.services.action_handler.outcomes import Applied, Outcome
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Judge
from server.services.scenario_replay.lanes import LANES, SLOWEST, Lane, Timed, Timings
from server.services.scenario_replay.report.figures import BOUNDS_S, BUCKETS, culprits, spread, throughput
from server.services.scenario_replay.report.page import Report, render
from server.services.scenario_replay.scenario import Scenario
from tests.cli.conftest import Coach
from tests.scenarios.test_loading import asking, scenario
from tests.scenarios.test_replay import GOOD, RECORDED, good

HOSTILE = "</script><script>alert(1)</script>\"'&\u202eשלום"


def timed(**fields: Any) -> Timed:
    usual: dict[str, Any] = {
        "action_type": "add_user_note",
        "status": "succeeded",
        "attempts": 1,
        "error_kind": None,
        "queued_at": 100.0,
        "started_at": 100.5,
        "finished_at": 100.75,
    }
    return Timed(**{**usual, **fields})


def lane(*actions: Timed, copy: int = 1, name: str = "One") -> Lane:
    return Lane(scenario=name, copy=copy, actions=actions)


def report(judge: Judge, timings: Timings | None = None) -> str:
    began_at = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    return render(
        Report(verdicts=judge.verdicts, timings=timings, began_at=began_at, seconds=2.0, version="1.2.3")
    )


def judged(*scenarios: dict[str, Any]) -> Judge:
    judge = Judge()
    for content in scenarios:
        one = Scenario.model_validate(content)
        judge.take_inline(one, play_inline(one))
    return judge


def test_how_long_things_took() -> None:
    found = spread([0.001 * number for number in range(100, 0, -1)])
    assert found is not None
    assert (found.p50, found.p95, found.p99, found.longest) == pytest.approx((0.05, 0.095, 0.099, 0.1))
    assert sum(found.bars) == 100
    assert len(found.bars) == len(BOUNDS_S) + 1
    assert found.bars[:3] == (2, 3, 5)
    assert spread([]) is None


def test_of_one_value_all_shares_are_that_value() -> None:
    found = spread([40.0])
    assert found is not None
    assert (found.p50, found.p99, found.bars[-1]) == (40.0, 40.0, 1)


def test_how_many_ended_when() -> None:
    found = throughput([10.0, 10.0, 16.0])
    assert found is not None
    assert (found.part_s, found.counts[0], found.counts[-1], sum(found.counts)) == (0.1, 2, 1, 3)
    assert len(found.counts) == BUCKETS
    assert throughput([]) is None


def test_times_are_kept_in_little_room() -> None:
    timings = Timings()
    for copy in range(1, 4):
        for number in range(LANES):
            ran = [
                timed(finished_at=100.5 + 0.001 * (number + copy)),
                timed(attempts=3, error_kind="time_limit"),
            ]
            timings.take(lane(*ran, copy=copy, name=f"Scenario {number}"))
    assert (timings.count, len(timings.ran_s), len(timings.lanes)) == (3 * LANES, 6 * LANES, LANES)
    assert {one.copy for one in timings.lanes} == {1}
    assert timings.retries == {("add_user_note", "time_limit"): 2 * 3 * LANES}
    slowest = timings.slowest()
    assert len(slowest) == SLOWEST
    assert {one.ran_s for one in slowest} == {0.25}


def test_an_action_that_never_began_waited_until_it_ended() -> None:
    cancelled = timed(started_at=None, status="cancelled")
    assert (cancelled.waited_s, cancelled.ran_s) == (0.75, 0.0)


def test_actions_were_applied_from_the_first_start_until_the_last_end() -> None:
    timings = Timings()
    timings.take(lane(timed(started_at=None, status="cancelled")))
    assert timings.applying_s == 0.0
    timings.take(lane(timed(started_at=101.0, finished_at=103.5), timed(started_at=102.0, finished_at=102.5)))
    assert timings.applying_s == 2.5


def test_what_made_most_of_the_differences_is_named_first() -> None:
    wrong = GOOD | {
        "identities": [{"state": "proposed"}, {"state": "proposed"}],
        "user_notes": [{"note": "x"}],
    }
    judge = judged(
        scenario(name="Wrong", **RECORDED, expect=wrong), scenario(name="Good", **RECORDED, expect=GOOD)
    )
    first, second = culprits(judge.verdicts)
    assert (first.action_type, first.differences, first.scenarios) == ("accept_identity", 2, ("Wrong",))
    assert second.action_type == "delete_user_note"
    page = report(judge)
    assert page.index("Look here first") < page.index("accept_identity") < page.index("delete_user_note")
    assert "1 of 2 scenarios differ" in page
    assert "server/services/action_handler/actions/accept_identity.py" in page


def test_a_handler_that_says_it_was_applied_and_does_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def idle(*_: Any) -> Outcome:
        return Applied('Accepted the identity "Night Gardener".')

    handlers = {**handler.ACTION_HANDLERS, ActionType.ACCEPT_IDENTITY: idle}
    monkeypatch.setattr(handler, "ACTION_HANDLERS", MappingProxyType(handlers))
    judge = judged(scenario(name="Idle", **RECORDED, expect=GOOD))
    assert [one.action_type for one in culprits(judge.verdicts)] == ["accept_identity"]
    assert "2. accept_identity, which says it was applied and changed nothing" in report(judge)


def test_whatever_a_scenario_says_is_only_text() -> None:
    content = scenario(
        name=HOSTILE,
        description=HOSTILE,
        turns=[asking("add_user_note", note=HOSTILE)],
        expect={"user_notes": [{"note": f"{HOSTILE}!"}]},
    )
    page = report(judged(content))
    assert page.count("<script>") == 1
    assert "alert(1)" in page  # as text


def test_it_needs_nothing_beside_itself() -> None:
    timings = Timings()
    timings.take(lane(timed(), timed(status="rejected", attempts=2, error_kind="exception")))
    page = report(judged(scenario(name="Good", **RECORDED, expect=GOOD)), timings)
    assert not re.findall(r"""(?:src|href)\s*=|url\(|@import|https?:""", page)
    assert "played in one process" not in page
    assert page.count('class="lane"') == 1


def test_its_size_is_bounded() -> None:
    timings = Timings()
    for copy in range(1, 51):
        for number in range(22):
            timings.take(lane(*[timed()] * 15, copy=copy, name=f"Scenario {number}"))
    assert timings.count == 50 * 22
    assert len(report(judged(scenario(name="Good", **RECORDED, expect=GOOD)), timings)) < 500_000


@pytest.mark.parametrize("how", ["--inline", "--copies=2"])
def test_the_command_writes_it(how: str, tmp_path: Path, coach: Coach) -> None:
    file = tmp_path / "report.html"
    done = coach("replay", good(tmp_path), how, "--report", file)
    assert done.returncode == 0, done.stderr
    page = file.read_text(encoding="utf-8")
    assert "The scenario is as expected" in page
    assert ('class="lane"' in page) is (how != "--inline")


@pytest.mark.parametrize("option", ["--report", "--json"])
def test_where_it_cannot_be_written_it_is_said_before_anything_runs(
    option: str, tmp_path: Path, coach: Coach
) -> None:
    done = coach("replay", good(tmp_path), "--inline", option, tmp_path / "no" / "file")
    assert done.returncode == 2
    assert "cannot be written: No such file or directory." in done.stderr
    assert done.stdout == ""


def test_what_is_in_the_file_stays_until_the_replay_has_ended(tmp_path: Path, coach: Coach) -> None:
    old, new, away = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "no" / "report.html"
    old.write_text("of yesterday")
    for file in (old, new):
        assert coach("replay", good(tmp_path), "--inline", "--json", file, "--report", away).returncode == 2
    assert old.read_text() == "of yesterday"
    assert not new.exists()
