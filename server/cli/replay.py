"""`coach replay`."""

import json
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.console import Console

from server.apps.test_scenarios.models import ReplayRun
from server.cli.database import database
from server.cli.errors import CommandError, DidNotHoldError, Interrupted
from server.cli.replay_output import progress_bar, show
from server.cli.what_if import is_asked_for, show_what_if
from server.local.home import Home
from server.local.priority import stand_back
from server.services.scenario_replay.baseline import BaselineError, read_baseline
from server.services.scenario_replay.batch import Began, Came, Plan, new_run, play
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.judging import Judge, Verdict
from server.services.scenario_replay.loading import Loaded, ScenarioErrors, load
from server.services.scenario_replay.run_row import Stopped
from server.services.scenario_replay.scenario import Scenario, json_schema
from server.services.scenario_replay.updating import updated, write_expectation
from server.services.scenario_replay.workers import TooManyDeaths

app = typer.Typer()

STANDARD_OUTPUT = Path("-")


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
    _refuse_together("--update", update, "--against", against)
    _refuse_together("--inline", inline, "--keep", keep)
    if json_file is not None and report_file is not None and _are_one(json_file, report_file):
        raise CommandError(f"--json and --report both name {json_file}: name another file for one of them.")
    loaded = _loaded(paths or [], filter_text)
    scenarios = [one.scenario for one in loaded]
    judge = Judge(_baseline(against, scenarios) if against else None)
    _check_that_they_can_be_written(json_file, report_file)
    with database():
        if inline:
            came = _play_inline(scenarios, judge, copies=copies, fail_fast=fail_fast)
        else:
            plan = Plan(
                scenarios=scenarios,
                copies=copies,
                workers=workers,
                fail_fast=fail_fast,
                keep=keep,
                logs=Home.locate().logs,
            )
            came = play_by_the_queue(plan, judge, new_run(plan))
    show(
        came,
        len(scenarios) * copies,
        Console(highlight=False, soft_wrap=True, stderr=json_file == STANDARD_OUTPUT),
    )
    if json_file is not None:
        _write(json_file, f"{json.dumps(came.results, indent=2, ensure_ascii=False)}\n")
    if report_file is not None:
        _write(report_file, came.report)
    if update:
        _update(loaded, came.verdicts)
    if came.differing:
        raise DidNotHoldError(f"{came.differing} of {len(scenarios)} scenarios are not as expected.")


def _refuse_together(option: str, is_given: object, other: str, is_other_given: object) -> None:
    if is_given and is_other_given:
        raise CommandError(f"{option} and {other} do not go together: leave one out.")


def _are_one(file: Path, other: Path) -> bool:
    return file != STANDARD_OUTPUT and file.resolve() == other.resolve()


def _loaded(paths: Sequence[Path], filter_text: str | None) -> list[Loaded]:
    if not paths:
        raise CommandError("Name a scenario file, or a directory of them.")
    try:
        loaded = load(paths)
    except ScenarioErrors as errors:
        raise CommandError(*errors.lines) from errors
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
        if verdict is None or not verdict.differs_from_expectation_alone:
            continue
        write_expectation(one.path, updated(one.scenario.expect.written(), verdict.end_state))
        verdict.found = ()
        typer.echo(f"wrote {one.path}")


def _play_inline(scenarios: Sequence[Scenario], judge: Judge, *, copies: int, fail_fast: bool) -> Came:
    began = Began()
    to_play = [(scenario, copy) for scenario in scenarios for copy in range(1, copies + 1)]
    with progress_bar(len(to_play)) as advance:
        try:
            for scenario, copy in to_play:
                verdict = judge.take_inline(scenario, play_inline(scenario), copy=copy)
                advance(judge.copies)
                if fail_fast and not verdict.is_as_expected:
                    break
        except KeyboardInterrupt as error:
            raise _stopped(judge, len(to_play), "nothing was stored") from error
    return Came(judge.verdicts, began)


def play_by_the_queue(plan: Plan, judge: Judge, run: ReplayRun) -> Came:
    """Play with a bar where there is a terminal.

    Raises `DidNotHoldError` where it cannot come to its end, and `Interrupted` where this process is asked to end.
    """
    asked_to_end = _AskedToEnd()
    stand_back()
    planned = len(plan.scenarios) * plan.copies
    with progress_bar(planned) as advance:

        def look(ended: int) -> None:
            asked_to_end.heed()
            advance(ended)

        try:
            return play(plan, judge, run, look)
        except (TooManyDeaths, Stopped) as error:
            raise DidNotHoldError(str(error)) from error
        except KeyboardInterrupt as error:
            raise _stopped(judge, planned, _left(plan, asked_to_end)) from error


def _stopped(judge: Judge, planned: int, left: str) -> Interrupted:
    return Interrupted(
        f"Stopped after {judge.copies:,} of {planned:,} copies, and no result was written: {left}."
    )


def _left(plan: Plan, asked_to_end: "_AskedToEnd") -> str:
    if plan.keep:
        return "the users that it made are kept"
    if asked_to_end.is_at_once:
        return "the users that it made are removed by the next replay, or by the relay within the hour"
    return "the users that it made are removed"


class _AskedToEnd:
    """Whether this process was asked to end, by SIGTERM or Ctrl-C: it does where that leaves nothing half done.

    In the middle of a statement it would break the connection, which what it made is to be removed by. Only a second
    Ctrl-C ends it at once.
    """

    def __init__(self) -> None:
        self._is_asked = False
        self.is_at_once = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._is_asked and number == signal.SIGINT:
            self.is_at_once = True
            signal.default_int_handler(number, frame)
        self._is_asked = True

    def heed(self) -> None:
        """Raises `KeyboardInterrupt` where it was."""
        if self._is_asked:
            raise KeyboardInterrupt


def _check_that_they_can_be_written(*files: Path | None) -> None:
    """Before minutes are spent on what goes into them; what is in them stays."""
    for file in files:
        if (
            file is None or file == STANDARD_OUTPUT or file.is_fifo()
        ):  # who reads a pipe would take this for all
            continue
        was_there = file.exists()
        with _writing(file):
            file.open("a").close()
            if not was_there:
                file.unlink()


def _write(file: Path, text: str) -> None:
    if file == STANDARD_OUTPUT:
        typer.echo(text, nl=False)
        return
    with _writing(file):
        file.write_text(text, encoding="utf-8")


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
