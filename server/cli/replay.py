"""`coach replay`."""

import json
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from server.cli.database import database
from server.cli.errors import CommandError, DidNotHoldError
from server.cli.tables import Row, print_table
from server.cli.what_if import is_asked_for, show_what_if
from server.local.home import Home
from server.services.scenario_replay.baseline import BaselineError, read_baseline
from server.services.scenario_replay.comparison import MISSING
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Judge, Verdict
from server.services.scenario_replay.lanes import Timings, lane_of
from server.services.scenario_replay.loading import Loaded, ScenarioErrors, load
from server.services.scenario_replay.report.page import Report, render
from server.services.scenario_replay.run import Replay
from server.services.scenario_replay.scenario import Scenario, json_schema
from server.services.scenario_replay.updating import updated, write_expectation
from server.services.scenario_replay.workers import ReplayWorkers, TooManyDeaths

app = typer.Typer()

HEADER = Row(("", "scenario", "copies", "actions", "median"), "what differs")
MOST_LINES = 20


@app.command()
def replay(  # noqa: PLR0913 (each is an option)
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Scenario files, or directories of them.")
    ] = None,
    *,
    copies: Annotated[int, typer.Option(min=1, max=10_000, help="How often to play each.")] = 1,
    inline: Annotated[
        bool,
        typer.Option("--inline", help="Play in this process, one action after the other; nothing is stored."),
    ] = False,
    workers: Annotated[
        int,
        typer.Option(
            min=0, max=64, help="Worker processes to start for it; 0: some run with --queue replay."
        ),
    ] = 2,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the results there; - is standard output."),
    ] = None,
    report_file: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE.html", help="Write a page for people there: one file, no network."
        ),
    ] = None,
    filter_text: Annotated[
        str | None,
        typer.Option("--filter", metavar="TEXT", help="Only scenarios whose name or file holds it."),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first that differs.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the users that were made.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Compare with what an earlier --json has, not with what is expected."
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what came out into the files, as what is expected.")
    ] = False,
    user: Annotated[
        str | None,
        typer.Option(metavar="EMAIL", help="Try a real user's conversation again, with --dry-run."),
    ] = None,
    from_message: Annotated[
        str | None,
        typer.Option("--from", metavar="MESSAGE", help="Compare from this message on, by its id."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how the user would stand, and change nothing.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of scenario files.")
    ] = False,
) -> None:
    """Play recorded conversations through the real path, and compare what comes out with what is expected.

    Each copy of a scenario has a user of its own, whom nobody sees among people, and who is removed in the end. The
    exit code is 1 where something differs, and 2, before anything runs, where a scenario cannot be used.
    """
    if schema:
        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    if is_asked_for(context):
        show_what_if(str(user), from_message)
        return
    if update and against:
        raise CommandError("--update and --against do not go together: leave one out.")
    loaded = _loaded(paths or [], filter_text)
    scenarios = [one.scenario for one in loaded]
    judge = Judge(_baseline(against, scenarios) if against else None)
    timings = Timings() if report_file and not inline else None
    began_at = datetime.now().astimezone()
    with database():
        began = time.monotonic()
        if inline:
            _play_inline(scenarios, judge, fail_fast=fail_fast)
        else:
            plan = Plan(copies=copies, workers=workers, fail_fast=fail_fast, keep=keep)
            _play(scenarios, judge, plan, timings)
        seconds = time.monotonic() - began
    _show(judge.verdicts, seconds, Console(highlight=False, soft_wrap=True, stderr=json_file == Path("-")))
    if json_file is not None:
        text = json.dumps(_results(judge.verdicts, seconds), indent=2, ensure_ascii=False)
        _write(json_file, f"{text}\n")
    if report_file is not None:
        _write(report_file, render(_report(judge.verdicts, timings, began_at, seconds)))
    if update:
        _update(loaded, judge.verdicts)
    differ = [verdict for verdict in judge.verdicts if not verdict.is_as_expected]
    if differ:
        raise DidNotHoldError(f"{len(differ)} of {len(scenarios)} scenarios are not as expected.")


def _loaded(paths: Sequence[Path], filter_text: str | None) -> list[Loaded]:
    if not paths:
        raise CommandError("Name a scenario file, or a directory of them.")
    try:
        loaded = load(paths)
    except ScenarioErrors as errors:
        raise CommandError("\n".join(errors.lines)) from errors
    text = (filter_text or "").casefold()
    chosen = [one for one in loaded if text in f"{one.scenario.name}\n{one.path}".casefold()]
    if not chosen:
        raise CommandError(f"No scenario's name or file holds {filter_text!r}: {len(loaded)} were looked at.")
    return chosen


def _baseline(path: Path, scenarios: Sequence[Scenario]) -> Mapping[str, Mapping[str, Any]]:
    try:
        return read_baseline(path, [scenario.name for scenario in scenarios])
    except BaselineError as error:
        raise CommandError(str(error)) from error


def _update(loaded: Sequence[Loaded], verdicts: Sequence[Verdict]) -> None:
    """Where nothing but the expectation is wrong, let it say what came out."""
    by_name = {verdict.scenario.name: verdict for verdict in verdicts}
    for one in loaded:
        verdict = by_name.get(one.scenario.name)
        if verdict is None or verdict.end_state is None or not verdict.differs_from_expectation_alone:
            continue
        write_expectation(one.path, updated(one.scenario.expect.written(), verdict.end_state))
        verdict.found = ()
        typer.echo(f"wrote {one.path}")


def _play_inline(scenarios: Sequence[Scenario], judge: Judge, *, fail_fast: bool) -> None:
    with _bar(len(scenarios)) as advance:
        for number, scenario in enumerate(scenarios, start=1):
            verdict = judge.judge_inline(scenario, play_inline(scenario))
            advance(number)
            if fail_fast and not verdict.is_as_expected:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to play by the queue."""

    copies: int
    workers: int
    fail_fast: bool
    keep: bool


def _play(scenarios: Sequence[Scenario], judge: Judge, plan: Plan, timings: Timings | None) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it, it cleans up
    logs = Home.locate().path / "logs"
    with ReplayWorkers(plan.workers, logs=logs) as crew, _bar(len(scenarios) * plan.copies) as advance:

        def look(ended: int) -> None:
            crew.tend()
            advance(ended)

        run = Replay(scenarios, copies=plan.copies, keep=plan.keep, look=look).run()
        try:
            for played in run:
                verdict = judge.take(played)
                if timings is not None:
                    timings.take(lane_of(played.user_id, scenario=played.scenario.name, copy=played.copy))
                if plan.fail_fast and not verdict.is_as_expected:
                    return
        except TooManyDeaths as error:
            raise DidNotHoldError(str(error)) from error
        finally:
            run.close()


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """On a terminal, a bar; it is given how many copies have ended."""
    console = Console(stderr=True)
    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rate="")
        began = time.monotonic()

        def advance(ended: int) -> None:
            rate = ended / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=ended, rate=f"{rate:,.1f}/s")

        yield advance


def _show(verdicts: Sequence[Verdict], seconds: float, console: Console) -> None:
    print_table(HEADER, [_row(verdict) for verdict in verdicts])
    for verdict in verdicts:
        if lines := list(_lines(verdict)):
            console.print(f"\n[bold]{verdict.scenario.name}[/bold]")
            for line in lines[:MOST_LINES]:
                console.print(f"  {line}", markup=False)
            if len(lines) > MOST_LINES:
                console.print(f"  … and {len(lines) - MOST_LINES} more")
    actions = sum(verdict.actions * max(verdict.copies, 1) for verdict in verdicts)
    good = sum(verdict.is_as_expected for verdict in verdicts)
    console.print(
        f"\n{good} of {len(verdicts)} scenarios are as expected; {actions:,} actions in {seconds:.1f} s,"
        f" {actions / max(seconds, 0.001):,.0f} a second."
    )


def _row(verdict: Verdict) -> Row:
    took = f"{median(verdict.seconds):.2f} s" if verdict.seconds else ""
    mark = "ok" if verdict.is_as_expected else "DIFFERS"
    cells = (mark, verdict.scenario.name, str(verdict.copies or "inline"), str(verdict.actions), took)
    return Row(cells, next(_lines(verdict), ""))


def _lines(verdict: Verdict) -> Iterator[str]:
    """What differs, a line each: what, what was expected, what came, and which action did it."""
    yield from verdict.unresolved
    for found in verdict.found:
        difference = found.difference
        by = f", by {found.by}" if found.by else ""
        by += ", which changed nothing" if found.has_done_nothing else ""
        yield f"{difference.place}: expected {_text(difference.expected)}, got {_text(difference.got)}{by}"
    for copy in verdict.unsettled:
        yield f"copy {copy} did not come to its end"
    for disagreement in verdict.disagreements:
        for difference in disagreement.differences:
            yield (
                f"copy {disagreement.copy} disagrees with playing in one process: {difference.place}:"
                f" {_text(difference.expected)} there, {_text(difference.got)} here"
            )


def _text(value: Any) -> str:
    return value if value == MISSING else json.dumps(value, ensure_ascii=False)


def _results(verdicts: Sequence[Verdict], seconds: float) -> Mapping[str, Any]:
    return {
        "format": 1,
        "seconds": round(seconds, 3),
        "scenarios": [
            {
                "name": verdict.scenario.name,
                "as_expected": verdict.is_as_expected,
                "copies": verdict.copies,
                "seconds": [round(one, 4) for one in verdict.seconds],
                "differences": [{**asdict(one.difference), "by": one.by} for one in verdict.found],
                "unresolved": list(verdict.unresolved),
                "unsettled": verdict.unsettled,
                "disagreements": [asdict(one) for one in verdict.disagreements],
                "end_state": asdict(verdict.end_state) if verdict.end_state else None,
            }
            for verdict in verdicts
        ],
    }


def _report(
    verdicts: Sequence[Verdict], timings: Timings | None, began_at: datetime, seconds: float
) -> Report:
    return Report(
        verdicts=verdicts,
        timings=timings,
        began_at=began_at,
        seconds=seconds,
        version=version("coach-actions"),
    )


def _write(file: Path, text: str) -> None:
    if file == Path("-"):
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
