"""Times as people read them."""

from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def duration(span: timedelta) -> str:
    """Rounded to what matters: 12 ms, 1.4 s, 3 min, 5 h, 2 d."""
    seconds = max(span.total_seconds(), 0.0)
    if span < timedelta(seconds=1):
        return f"{seconds * 1000:.0f} ms"
    if span < MINUTE:
        return f"{seconds:.1f} s"
    if span < HOUR:
        return f"{span // MINUTE} min"
    return f"{span // HOUR} h" if span < 2 * DAY else f"{span // DAY} d"


def time_between(start: datetime | None, end: datetime | None) -> str:
    """How long it took; a dash where it has not begun, or not ended."""
    return duration(end - start) if start and end else "-"


def ago(time: datetime) -> str:
    """How long it is since then."""
    return f"{duration(datetime.now(UTC) - time)} ago"


def moment(time: datetime | None) -> str:
    """Date and time of day in the reader's own time zone, to the millisecond."""
    return time.astimezone().isoformat(sep=" ", timespec="milliseconds") if time else "-"
