"""The report as it is printed."""

from collections.abc import Mapping

from tests.chaos.run import BOUND_S, Longest, Report


def printed(report: Report) -> str:
    """A page for a person: what was done to the system, and what came of it."""
    lines = [
        f"Chaos: {report.load_s / 60:.1f} minutes of load, seed {report.plan.seed}",
        "",
        *_lines("What was asked", _asked(report)),
        *_lines("What was done to it", report.deeds),
        *_lines("What the queue did", _queue(report)),
        *_lines("What came of it", _outcome(report)),
    ]
    return "\n".join([*lines, *_off(report)])


def _asked(report: Report) -> Mapping[str, object]:
    rate = report.actions / report.load_s if report.load_s else 0.0
    return {
        "workers, beside 2 relays and 1 web process": report.plan.workers,
        "machine": report.machine,
        "users": report.users,
        **report.clients,
        "actions": report.actions,
        **{f"  {status}": number for status, number in report.statuses.items()},
        "actions a second, under load": f"{rate:.1f}",
        "seconds until calm, drained and judged": f"{report.drain_s:.1f}",
    }


def _queue(report: Report) -> Mapping[str, object]:
    return {
        "attempts": report.attempts,
        "redelivered (attempts beyond the first)": report.redelivered,
        "duplicates sent": report.duplicates_sent,
        "deliveries": report.deliveries,
        "deliveries suppressed (nothing to do)": report.came_to_nothing,
        "waits for a start, with everything up": _waits(report.waits_when_up),
        "  and with workers that were free": _waits(report.waits_unhindered),
        "  of these no more than a few may be over": f"{report.start_limit_s:.1f} s, for how busy the machine was",
        "waits for a start, outages included": _waits(report.waits),
        **{
            f"  the longest with workers free, {place}": told
            for place, told in enumerate(report.longest_waits, 1)
        },
    }


def _outcome(report: Report) -> Mapping[str, object]:
    counted: dict[str, object] = {
        "lost": report.lost,
        "doubled": report.doubled,
        "out of order": report.out_of_order,
    }
    return counted | {kind: number for kind, number in report.off_kinds.items() if kind not in counted}


def _waits(waits: Longest) -> str:
    return (
        f"half under {waits.half:.2f} s, 99 % under {waits.nearly_all:.2f} s, longest {waits.longest:.2f} s, "
        f"{waits.late:,} over {BOUND_S:g} s"
    )


def _lines(title: str, values: Mapping[str, object]) -> list[str]:
    return [
        title,
        *(
            f"  {name:42} {value:>10,}" if isinstance(value, int) else f"  {name:42} {value}"
            for name, value in values.items()
        ),
        "",
    ]


def _off(report: Report) -> list[str]:
    if report.holds:
        return ["Every user stands where the model says, and every rule held."]
    if not report.actions:
        return ["Nothing was done: there is nothing to say."]
    return ["NOT AS IT MUST BE:", *(f"- {what}" for what in report.off)]
