"""The report as tables, eighty columns wide."""

from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from bench.machine import Machine
from bench.replays import Replays
from bench.report import PROJECT, Report, Verdict


def show(report: Report, console: Console) -> None:
    """The machine, the tables, and whether the targets were met."""
    console.print(_machine_line(report.machine), highlight=False, soft_wrap=True)
    if report.drains:
        console.print(_rates_table(report))
    if report.latencies:
        console.print(_latencies_table(report))
    if report.streams:
        console.print(_streams_table(report))
    for replay in report.replays:
        console.print(_replay_table(replay))
    if report.growths():
        console.print(_memory_table(report))
    for drain in report.drains_of(PROJECT):
        if drain.trouble:
            line = f"not all succeeded: {drain.outcomes}, as {drain.trouble}"
            console.print(line, style="red", markup=False, highlight=False)
    for verdict in report.verdicts():
        console.print(_verdict_line(verdict), highlight=False, soft_wrap=True)
    if report.quick:
        console.print("A quick run shows that the bench works; its figures say little.")


def _rates_table(report: Report) -> Table:
    table = _table(
        f"Actions a second from a backlog of {report.drains[0].backlog:,}; CPU ms per action of …",
        ("", "median", "low to high", "workers", "Postgres", "Redis"),
    )
    for rate in report.rates():
        costs = [drain.cpu_ms for drain in report.drains_of(rate.contender)]
        table.add_row(
            rate.label,
            f"{rate.median:,.0f}",
            f"{rate.lowest:,.0f} to {rate.highest:,.0f}",
            f"{median(cost.workers for cost in costs):.2f}",
            f"{median(cost.postgres for cost in costs):.2f}",
            f"{median(cost.redis for cost in costs):.2f}",
        )
    return table


def _replay_table(replay: Replays) -> Table:
    table = _table(
        f"A replay of {replay.actions:,} actions: {replay.rate:,.0f} a second, {replay.whole_rate:,.0f} with the start "
        "and the end of its workers; its memory; what a person waits",
        ("", "early, or p50", "late, or p99"),
    )
    late = {one.process: one for one in replay.memory_after}
    for early in replay.memory_before:
        if after := late.get(early.process):
            table.add_row(early.process, f"{early.rss:.1f} MiB", f"{after.rss:.1f} MiB")
    for name, delay in (("a person, at rest", replay.at_rest), ("a person, meanwhile", replay.meanwhile)):
        table.add_row(name, f"{delay.p50_ms:.1f} ms", f"{delay.p99_ms:.1f} ms")
    return table


def _latencies_table(report: Report) -> Table:
    table = _table("From accepting, on an idle system, until …", ("", "…", "p50 ms", "p99 ms", "samples"))
    for latency in report.latencies:
        figures = (f"{latency.p50_ms:.1f}", f"{latency.p99_ms:.1f}", str(latency.samples))
        table.add_row(report.labels[latency.contender], latency.until, *figures)
    return table


def _streams_table(report: Report) -> Table:
    table = _table(
        "Open streams on one web process; from an event's commit to the client",
        ("", "KiB per stream", "p50 ms", "p99 ms", "samples"),
    )
    for streams in report.streams:
        times = (f"{streams.p50_ms:.1f}", f"{streams.p99_ms:.1f}", f"{streams.samples:,}")
        table.add_row(streams.crowd, f"{streams.kib_per_stream:.1f}", *times)
    return table


def _memory_table(report: Report) -> Table:
    last = report.drains_of(PROJECT)[-1]
    table = _table(
        f"MiB of (c) at action {last.memory_from_action:,} and at the end; growth: the worst round's",
        ("", "RSS", "at the end", "USS", "at the end", "RSS grew", "USS grew"),
    )
    after = {memory.process: memory for memory in last.memory_after}
    for before, growth in zip(last.memory_before, report.growths(), strict=True):
        end = after[before.process]
        sizes = (_mib(before.rss), _mib(end.rss), _mib(before.uss), _mib(end.uss))
        table.add_row(before.process, *sizes, _percent(growth.rss), _percent(growth.uss))
    return table


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, justify="left" if heading in {"", "…"} else "right")
    return table


def _verdict_line(verdict: Verdict) -> str:
    word = "[green]met   [/]" if verdict.met else "[red]missed[/]"
    found, lowest, highest = (
        format(figure, verdict.shown_as) for figure in (verdict.found, verdict.lowest, verdict.highest)
    )
    return f"{word} {verdict.target}: {found} ({lowest} to {highest})"


def _machine_line(machine: Machine) -> str:
    commit = f"{(machine.commit or 'no commit')[:12]}{', changed' if machine.changed else ''}"
    return (
        f"{machine.cores} cores of {machine.cpu}, {machine.memory_gib} GiB, {machine.system} {machine.kernel}, "
        f"load {machine.load} before. Python {machine.python}, Celery {machine.packages['celery']}, "
        f"PostgreSQL {machine.postgres}, Redis {machine.redis_server}. Commit: {commit}."
    )


def _mib(size: float | None) -> str:
    return "-" if size is None else f"{size:.1f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:+.1%}"
