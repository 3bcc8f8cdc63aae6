"""The answer: a table for people, JSON for programs."""

import json
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.soak.judge import Judged, Verdict, warm
from tests.soak.run import Plan, Soaked
from tests.soak.samples import MIB

COLOURS = {Verdict.FLAT: "green", Verdict.GROWS: "bold red", Verdict.DATA: "cyan"}
ACTIONS = "rows actions"


def show(soaked: Soaked, plan: Plan, console: Console) -> None:
    """Print every figure, what grows by itself, and the verdict."""
    table = Table(box=None, pad_edge=False)
    table.add_column("figure", no_wrap=True)
    for title in ("start", "middle", "end", "an hour", "allowed", "verdict"):
        table.add_column(title, justify="right", no_wrap=True)
    for judged in soaked.judged:
        table.add_row(*_cells(judged))
    width = console.width
    console.width = max(width, 110)
    console.print(table)
    console.width = width
    _show_done(soaked, plan, console)
    for line in problems(soaked):
        console.print(f"[bold red]{line}[/bold red]", soft_wrap=True)
    if not problems(soaked):
        console.print("[green]Nothing grows that should not.[/green]")


def problems(soaked: Soaked) -> list[str]:
    """What is not as it should be, a sentence each."""
    return [
        *(_growth(judged) for judged in soaked.judged if judged.verdict is Verdict.GROWS),
        *(f"{number} times: {what}." for what, number in soaked.counts.wrong.items()),
        *([f"{soaked.left_open} actions have not ended."] if soaked.left_open else []),
    ]


def write(soaked: Soaked, plan: Plan, path: Path) -> None:
    """Everything, every sample too."""
    content = {
        "plan": asdict(plan),
        "is_whole": soaked.is_whole,
        "done": dict(soaked.counts.done),
        "problems": problems(soaked),
        "judged": [asdict(judged) for judged in soaked.judged],
        "samples": [asdict(sample) for sample in soaked.samples],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def _growth(judged: Judged) -> str:
    numbers = " → ".join(f"{number:,.2f}" for number in (judged.start, judged.middle, judged.end))
    return f"{judged.name} grows: {numbers}, by {judged.per_hour:+,.2f} an hour."


def _cells(judged: Judged) -> tuple[str, ...]:
    numbers = (judged.start, judged.middle, judged.end)
    colour = COLOURS.get(judged.verdict, "dim")
    return (
        judged.name,
        *(f"{number:,.2f}" if "MiB" in judged.name else f"{number:,.0f}" for number in numbers),
        f"{judged.per_hour:+,.1f}",
        "" if judged.allowed is None else f"+{judged.allowed:,.1f}",
        f"[{colour}]{judged.verdict}[/{colour}]",
    )


def _show_done(soaked: Soaked, plan: Plan, console: Console) -> None:
    first, last = soaked.samples[0], soaked.samples[-1]
    actions = last.figures[ACTIONS] - first.figures[ACTIONS]
    seconds = max(last.at_s - first.at_s, 1.0)  # one that was ended at once has a single sample
    done = ", ".join(
        f"{number:,} {what.replace('_', ' ')}" for what, number in sorted(soaked.counts.done.items())
    )
    console.print(
        f"\n{seconds:,.0f} s, {actions:,.0f} actions ({actions / seconds:.1f} a second): {done}.",
        highlight=False,
        soft_wrap=True,
    )
    data = [judged for judged in soaked.judged if judged.verdict is Verdict.DATA and "MiB" in judged.name]
    grown = {
        judged.name: (last.figures[judged.name] - first.figures.get(judged.name, 0.0)) * 1024
        for judged in data
    }
    per_action = ", ".join(
        f"{name.removesuffix(' MiB')} {kib / actions:.2f}" for name, kib in grown.items() if actions
    )
    console.print(f"KiB an action, of what is kept for ever: {per_action}.", highlight=False, soft_wrap=True)
    _show_workers(soaked, console)
    console.print(
        f"Events, keys and sessions are kept for {plan.keep_s:g} s here, and pruned by the relay itself.",
        highlight=False,
        soft_wrap=True,
    )


def _show_workers(soaked: Soaked, console: Console) -> None:
    """What one worker's memory grows by with each action that it applies: half of all."""
    kept = warm(soaked.samples)
    actions = (kept[-1].figures[ACTIONS] - kept[0].figures[ACTIONS]) / 2
    grown = [judged for judged in soaked.judged if fnmatch(judged.name, "worker-*: USS MiB")]
    if actions:
        each = ", ".join(
            f"{judged.name.split(':')[0]} {(judged.end - judged.start) * MIB / actions:+,.0f}"
            for judged in grown
        )
        console.print(
            f"Bytes of memory an action, after the warm-up: {each}.", highlight=False, soft_wrap=True
        )
