"""From accepting to the client's event, on an idle system: one action at a time.

The clock starts before the response is accepted. For this project it stops when the client has the action's event in
hand: a real web process, one open `GET /api/v1/events`. The recipe tells nobody; there it stops when the log row can
be read, looked for every millisecond, which a client would still have to do itself.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles

import httpx

from bench import recipe
from bench.contenders import Contender, accept, coach
from bench.drain import Bench, vacuum
from bench.mix import Turn
from bench.people import Person, make_cohorts
from bench.processes import BenchError, Memory, Processes, Program, answers, wait_until
from server.apps.actions.models import Action
from server.apps.users.models import ApiToken
from server.enums.action_status import ENDED_STATUSES
from server.enums.coaching_phase import CoachingPhase
from server.local.ports import LOOPBACK, free_port
from server.models.coach_chat_response import CoachChatResponse

# It says every request, and this is a terminal.
logging.getLogger("httpx").setLevel(logging.WARNING)

WARM_UP = 20
# Between two samples, so that everything is idle again.
REST_S = 0.02
TIMEOUT_S = 30.0

Arrivals = queue.Queue[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds from accepting to what `until` says, and the memory of each process afterwards."""

    contender: str
    until: str
    samples: int
    p50_ms: float
    p99_ms: float
    memory_after: list[Memory]


def measure_latencies(bench: Bench, contenders: list[Contender], samples: int) -> list[Latency]:
    """The project's, and that of the recipe on the same kind of processes."""
    measures = {"project": of_project, "recipe-solo": _of_recipe}
    return [measures[each.key](bench, each, samples) for each in contenders if each.key in measures]


def of_project(bench: Bench, contender: Contender, samples: int, *meanwhile: Program) -> Latency:
    """That of the project, while these programs run beside it."""
    port = free_port()
    base = f"http://{LOOPBACK}:{port}"
    with _running(bench, contender, coach("web", "--port", str(port)), *meanwhile) as processes:
        wait_until(lambda: answers(f"{base}/healthz"), "the web process did not answer", processes.check)
        person = _person()
        with _listening(base, person) as arrivals:

            def told(turn: Turn) -> float:
                accept(turn)
                return _next(arrivals)

            taken = _sample(person, told, samples)
        processes.check()
        return _latency(contender, "the client has the event", taken, processes)


def _of_recipe(bench: Bench, contender: Contender, samples: int) -> Latency:
    with _running(bench, contender) as processes:
        person = _person()
        logged = Action.objects.filter(user=person.user)

        def readable(turn: Turn) -> float:
            note = turn.response.model_dump(mode="json")["add_user_note"]["params"]["note"]
            row = logged.filter(parameters={"note": note})
            recipe.accept(turn)
            wait_until(row.exists, "no log row was there", processes.check, every_s=0.001)
            return time.monotonic()

        taken = _sample(person, readable, samples)
        return _latency(contender, "the log row can be read", taken, processes)


def _sample(person: Person, perform: Callable[[Turn], float], samples: int) -> list[float]:
    """Milliseconds of each; `perform` answers when it was over, by the monotonic clock."""
    taken = []
    for number in range(WARM_UP + samples):
        turn = _turn(person, number)
        started_at = time.monotonic()
        taken.append((perform(turn) - started_at) * 1000)
        time.sleep(REST_S)
    return taken[WARM_UP:]


def _latency(contender: Contender, until: str, taken: list[float], processes: Processes) -> Latency:
    hundredths = quantiles(taken, n=100, method="inclusive")
    return Latency(
        contender=contender.key,
        until=until,
        samples=len(taken),
        p50_ms=hundredths[49],
        p99_ms=hundredths[98],
        memory_after=processes.memory(),
    )


@contextmanager
def _running(bench: Bench, contender: Contender, *more: Program) -> Iterator[Processes]:
    """The contender's processes, and more of them, up and with nothing to do."""
    bench.redis.flushdb()
    vacuum()
    programs = (*contender.workers, *contender.helpers, *more)
    with Processes(programs, bench.logs, contender.settings_module) as processes:
        nodes = len(contender.workers)
        control = contender.app.control
        wait_until(
            lambda: len(control.ping(timeout=1.0, limit=nodes) or ()) >= nodes,
            "the workers were not up",
            processes.check,
        )
        yield processes


@contextmanager
def _listening(base: str, person: Person) -> Iterator[Arrivals]:
    """The client: at what time, by the monotonic clock, an event of an ended action came in."""
    arrivals: Arrivals = queue.Queue()
    headers = {"Authorization": f"Bearer {ApiToken.objects.issue(person.user)}"}
    timeout = httpx.Timeout(TIMEOUT_S)
    with (
        httpx.Client(base_url=base, headers=headers, timeout=timeout) as client,
        client.stream("GET", "/api/v1/events") as stream,
    ):
        if stream.status_code != httpx.codes.OK:
            raise BenchError(f"GET /api/v1/events answered {stream.status_code}.")
        reader = threading.Thread(target=_read, args=(stream, arrivals), daemon=True)
        reader.start()
        yield arrivals


def _read(stream: httpx.Response, arrivals: Arrivals) -> None:
    try:
        for line in stream.iter_lines():
            name, _, text = line.partition(": ")
            if name == "data" and _is_ended(json.loads(text)):
                arrivals.put(time.monotonic())
    except (httpx.HTTPError, httpx.StreamError):
        return  # the bench has enough


def _is_ended(data: dict[str, dict[str, str]]) -> bool:
    return "action" in data and data["action"]["status"] in ENDED_STATUSES


def _next(arrivals: Arrivals) -> float:
    try:
        return arrivals.get(timeout=TIMEOUT_S)
    except queue.Empty as error:
        raise BenchError(f"No event came for an action within {TIMEOUT_S:.0f} s.") from error


def _person() -> Person:
    return make_cohorts(1, 1)[0][0]


def _turn(person: Person, number: int) -> Turn:
    """A response with one action, which finds something to do."""
    note = {"params": {"note": f"Counts to {number}."}}
    response = CoachChatResponse.model_validate({"message": "Go on.", "add_user_note": note})
    return Turn(person=person, phase=CoachingPhase.INTRODUCTION, response=response)
