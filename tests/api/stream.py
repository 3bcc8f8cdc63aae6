"""Reading server-sent events as a client does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

READ_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One event as it came. `id` is None for one without."""

    event: str
    data: Any
    id: int | None = None


class EventReader:
    """Takes events off an open stream, one by one. Comments are kept apart, and so is what runs, if nobody asks.

    Whether a short attempt is told of depends on when the web process looked.
    """

    def __init__(self, response: httpx.Response, *, with_running: bool) -> None:
        self._lines = response.iter_lines()
        self._with_running = with_running
        self.comments = 0

    def next(self) -> Received:
        """The next event. Raises `httpx.ReadTimeout` where none comes, `StopIteration` at the stream's end."""
        while (event := self._next()).event == "running" and not self._with_running:
            pass
        return event

    def _next(self) -> Received:
        fields: dict[str, str] = {}
        while (line := next(self._lines)) or not fields:
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
        number = fields.get("id")
        return Received(
            event=fields["event"], data=json.loads(fields["data"]), id=None if number is None else int(number)
        )

    def take(self, count: int) -> list[Received]:
        return [self.next() for _ in range(count)]

    def until(self, cursor: int) -> list[Received]:
        """All events up to the one with this cursor."""
        events = [self.next()]
        while events[-1].id != cursor:
            events.append(self.next())
        return events


@contextmanager
def stream(
    client: httpx.Client,
    *,
    after: int | None = None,
    last_event_id: int | None = None,
    with_running: bool = False,
) -> Iterator[EventReader]:
    """An open stream of the client's user; `with_running` shows what runs, too."""
    headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
    params = {} if after is None else {"after": after}
    with client.stream("GET", "events", params=params, headers=headers, timeout=READ_TIMEOUT_S) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield EventReader(response, with_running=with_running)
