"""A whole replay through the queue: its workers, its judgement, and the row that tells the staff pages of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.enums.replay_status import ReplayStatus
from server.services.scenario_replay.judging import Judge, Verdict
from server.services.scenario_replay.lanes import Timings
from server.services.scenario_replay.report.page import Report, render
from server.services.scenario_replay.results import results_of
from server.services.scenario_replay.run import Replay
from server.services.scenario_replay.run_row import RunRow, Stopped
from server.services.scenario_replay.scenario import Scenario
from server.services.scenario_replay.workers import ReplayWorkers, TooManyDeaths

STOPPED_FROM_OUTSIDE = "Its process was asked to end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play, and how. `logs` is where its workers write."""

    scenarios: Sequence[Scenario]
    copies: int
    workers: int
    fail_fast: bool
    keep: bool
    logs: Path


@dataclass(frozen=True, slots=True)
class Began:
    """When a replay began, for people and for the clock."""

    at: datetime = field(default_factory=lambda: datetime.now().astimezone())
    monotonic: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """For how long it has gone on."""
        return time.monotonic() - self.monotonic


class Came:
    """What a replay came to. `timings` is None where nothing went through the queue."""

    def __init__(self, verdicts: Sequence[Verdict], began: Began, timings: Timings | None = None) -> None:
        self.verdicts = verdicts
        self.seconds = began.seconds
        self._began, self._timings = began, timings

    @property
    def differing(self) -> int:
        return sum(not verdict.is_as_expected for verdict in self.verdicts)

    @property
    def results(self) -> dict[str, Any]:
        """For programs, in plain values."""
        applying_s = self._timings.applying_s if self._timings else None
        return results_of(self.verdicts, self.seconds, applying_s)

    @cached_property
    def report(self) -> str:
        """For people, as an HTML page."""
        return render(
            Report(
                verdicts=self.verdicts,
                timings=self._timings,
                began_at=self._began.at,
                seconds=self.seconds,
                version=version("coach-actions"),
            )
        )


def new_run(plan: Plan) -> ReplayRun:
    """The row of a replay that nobody asked for on a page."""
    return ReplayRun.objects.create(
        names=[scenario.name for scenario in plan.scenarios],
        copies=plan.copies,
        keeps_users=plan.keep,
        total=plan.copies * len(plan.scenarios),
    )


def play(plan: Plan, judge: Judge, run: ReplayRun, look: Callable[[int], None]) -> Came:
    """Play it all, and say in `run` how far it is and what it came to.

    `look` is told in every round how many copies have ended. What the replay made is removed, and what an earlier one
    left. Raises `TooManyDeaths` and `Stopped`; these and whatever else ends it stand in `run`.
    """
    with _recorded(run) as row:
        for _ in TestScenario.objects.remove_left_over():
            row.go_on(done=0, differing=0)
            look(0)
        began, timings = Began(), Timings()
        _play(plan, judge, timings, row, look)
        came = Came(_in_order(plan.scenarios, judge.verdicts), began, timings)
        row.end(
            ReplayStatus.DIFFERS if came.differing else ReplayStatus.AS_EXPECTED,
            done=sum(verdict.copies for verdict in came.verdicts),
            differing=came.differing,
            actions=timings.actions,
            seconds=came.seconds,
            results=came.results,
            report=came.report,
        )
        return came


def _in_order(scenarios: Sequence[Scenario], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """As the scenarios were given, whichever ended first."""
    places = {scenario.name: place for place, scenario in enumerate(scenarios)}
    return sorted(verdicts, key=lambda verdict: places[verdict.scenario.name])


@contextmanager
def _recorded(run: ReplayRun) -> Iterator[RunRow]:
    """However it ends, the row says so."""
    with RunRow(run) as row:
        try:
            yield row
        except BaseException as error:
            row.end_early(*_early_end(error))
            raise


def _early_end(error: BaseException) -> tuple[ReplayStatus, str]:
    """What the row says of a replay that this ended, and why."""
    match error:
        case Stopped():
            return ReplayStatus.STOPPED, ""
        case TooManyDeaths():
            return ReplayStatus.FAILED, str(error)
        case Exception():
            return ReplayStatus.FAILED, (
                f"An error ended it: {type(error).__name__}: {str(error).rstrip('.')}. "
                "Begin it again; where it ends so once more, replay.log among the logs has the whole error."
            )
        case _:
            return ReplayStatus.STOPPED, STOPPED_FROM_OUTSIDE


def _play(plan: Plan, judge: Judge, timings: Timings, row: RunRow, look: Callable[[int], None]) -> None:
    with ReplayWorkers(plan.workers, logs=plan.logs) as crew:

        def tend(ended: int) -> None:
            if ended == row.run.total:
                crew.let_go()
            else:
                crew.tend()
            row.go_on(done=ended, differing=judge.differing)
            look(ended)

        replay = Replay(plan.scenarios, row.run, copies=plan.copies, keep=plan.keep, look=tend).run()
        try:
            for played in replay:
                verdict = judge.take(played)
                timings.take(played.lane)
                if plan.fail_fast and not verdict.is_as_expected:
                    return
        finally:
            replay.close()
