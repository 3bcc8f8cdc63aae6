"""A replay of the mix beside the plain pipeline: how fast it is, whether it grows, and what a person feels of it.

`coach replay` plays the mix as a scenario until it comes to ten thousand actions, and once more while a person's single
actions are measured as they are on an idle system. The plain pipeline is held beside it by the same clock: from the
first action's start until the last one's end. Accepting is in that, and all users that are made, compared and removed
meanwhile; the start and the end of its workers are not, as in a drain. The rate with those is told, too.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.contenders import CONTENDERS, PROJECT_SETTINGS, coach
from bench.drain import Bench, vacuum
from bench.latency import Latency, of_project
from bench.mix import ACTIONS_PER_PERSON, walk
from bench.people import CATEGORY, IDENTITIES, NOTES, Person, note_of
from bench.processes import BenchError, Memory, Processes, Program
from server.apps.users.models import User

COPIES, QUICK_COPIES = 420, 20
SAMPLES, QUICK_SAMPLES = 300, 30
LONG_ENOUGH = 20
"""So many times the copies go on for as long as anything is measured beside them; then they are ended."""
WARM = 0.2
"""Memory is compared with what it was after this share of the run."""
LOOK_EVERY_S = 0.5
TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """A replay alone, with the memory of its processes early and late, and a person's delay without one and with.

    `rate` is while actions were applied, `whole_rate` from the command's beginning until its results were written.
    """

    actions: int
    rate: float
    whole_rate: float
    memory_before: list[Memory]
    memory_after: list[Memory]
    at_rest: Latency
    meanwhile: Latency


def measure_replays(bench: Bench, *, quick: bool) -> Replays:
    """Raises `BenchError`."""
    copies, samples = (QUICK_COPIES, QUICK_SAMPLES) if quick else (COPIES, SAMPLES)
    file = bench.logs / "mix.json"
    file.write_text(json.dumps(scenario()), encoding="utf-8")
    bench.redis.flushdb()
    vacuum()
    applying_s, whole_s, memory = _alone(bench, file, copies)
    actions = copies * ACTIONS_PER_PERSON
    (project,) = (contender for contender in CONTENDERS if contender.key == "project")
    return Replays(
        actions=actions,
        rate=actions / applying_s,
        whole_rate=actions / whole_s,
        memory_before=memory[int(len(memory) * WARM)],
        memory_after=_last_of_all(memory),
        at_rest=of_project(bench, project, samples),
        meanwhile=of_project(bench, project, samples, _replay(file, copies * LONG_ENOUGH)),
    )


def scenario() -> dict[str, Any]:
    """The mix as a scenario of format 1."""
    person = Person(user=User(), **{role: f"${role}" for role in (*IDENTITIES, *NOTES)})
    return {
        "format": 1,
        "name": "The mix",
        "start": {
            "identities": [
                {"ref": role, "name": name, "category": CATEGORY.value, "notes": [note_of(name)]}
                for role, name in IDENTITIES.items()
            ],
            "user_notes": [{"ref": role, "note": note} for role, note in NOTES.items()],
        },
        "turns": [
            {"phase": turn.phase.value, "response": turn.response.model_dump(mode="json", exclude_unset=True)}
            for turn in walk(person)
        ],
        "expect": {"actions": [{"status": "succeeded"}] * ACTIONS_PER_PERSON},
    }


def _replay(file: Path, copies: int, *options: str) -> Program:
    return coach("replay", str(file), "--copies", str(copies), *options)


def _alone(bench: Bench, file: Path, copies: int) -> tuple[float, float, list[list[Memory]]]:
    """Seconds of applying, seconds of all, and the memory of all its processes as it went on."""
    results = bench.logs / "results.json"
    programs = (coach("relay"), _replay(file, copies, "--json", str(results)))
    memory = []
    with Processes(programs, bench.logs, PROJECT_SETTINGS) as processes:
        deadline = time.monotonic() + TIMEOUT_S
        while (found := _read(results)) is None:
            if time.monotonic() > deadline:
                raise BenchError(f"After {TIMEOUT_S:.0f} s, the replay was not over.\n{processes.tails()}")
            memory.append(processes.memory())
            time.sleep(LOOK_EVERY_S)
    if not all(one["as_expected"] for one in found["scenarios"]):
        raise BenchError(f"The replay was not as expected: see {results}.")
    return found["applying_seconds"], found["seconds"], memory


def _last_of_all(memory: list[list[Memory]]) -> list[Memory]:
    """The last look at which none had ended: workers leave before what was made is removed."""
    most = max(map(len, memory))
    return next(look for look in reversed(memory) if len(look) == most)


def _read(results: Path) -> dict[str, Any] | None:
    """What the replay came to; None as long as that is not written, or not all of it."""
    try:
        found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found
