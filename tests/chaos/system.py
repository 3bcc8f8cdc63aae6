"""The whole stack in processes of its own, under a monkey's hands: what it kills is started again."""

import math
import os
import signal
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import httpx

from server.local.child import Child, Role
from server.local.logs import tail
from server.local.ports import free_port
from server.local.processes import describe_exit
from server.local.services import LocalServices
from server.services.crash_points import CrashPoint
from server.testing.faults import Fault, environment_of
from tests.chaos import counting
from tests.chaos.rush import Rush
from tests.contracts.sources import ROOT
from tests.faults.bounds import START_LIMIT_S, start_limit_s
from tests.faults.points import ACCEPT_POINTS, RELAY_POINTS, WORKER_POINTS
from tests.processes import WATCHDOG

READY_S = 60.0
TIME_LIMIT_S = "5"
"""Of an attempt. Its lease is five seconds longer, so that a pause can outlast it."""

COUNTED = Fault(point=CrashPoint.BEFORE_CLAIM, do="tests.chaos.counting:delivery", on=None)
POINTS = {"worker": WORKER_POINTS, "relay": RELAY_POINTS, "web": ACCEPT_POINTS}
CHANCES = {"worker": 0.002, "relay": 0.02, "web": 0.003}
"""How likely a role is to end each time that it passes by the point at which it is armed."""

MILD = [
    Fault(point=CrashPoint.IN_HANDLER, do="raise", on=None, chance=0.002),
    Fault(point=CrashPoint.AFTER_EFFECT, do="raise", on=None, chance=0.002),
    Fault(point=CrashPoint.BEFORE_COMMIT, do="raise", on=None, chance=0.002),
    Fault(point=CrashPoint.AFTER_CLAIM, do="sleep:0.3", on=None, chance=0.002),
    Fault(point=CrashPoint.AFTER_EFFECT, do="sleep:0.3", on=None, chance=0.002),
    Fault(point=CrashPoint.AFTER_COMMIT, do="sleep:0.3", on=None, chance=0.002),
]


@dataclass(slots=True)
class Outages:
    """When something stood in the way of every start, by this machine's clock."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    _down_since: float | None = None
    _down_until: float = 0.0

    def see(self, *, is_up: bool) -> None:
        now = time.time()
        is_up = is_up and now >= self._down_until
        if is_up and self._down_since is not None:
            self.spans.append((self._down_since, now))
            self._down_since = None
        elif not is_up and self._down_since is None:
            self._down_since = now

    def last(self, seconds: float) -> None:
        """One begins, or goes on, and is over in so many seconds."""
        self._down_until = max(self._down_until, time.time() + seconds)
        self.see(is_up=False)

    def between(self, since: float, until: float) -> Iterator[tuple[float, float]]:
        """Those that fall into this time, in order; one that is not over yet has no end."""
        down_since = self._down_since  # read first: what ends meanwhile may come twice, and is not missed
        for span in self.spans[bisect_right(self.spans, since, key=itemgetter(1)) :]:
            if span[0] >= until:
                return
            yield span
        if down_since is not None and down_since < until:
            yield down_since, math.inf


class Player:
    """One role, and the process that plays it now."""

    def __init__(self, name: str, command: str, logs: Path, is_ready: Callable[["Player"], bool]) -> None:
        self.name = name
        self.kind = command.split(maxsplit=1)[0]
        self._command = command
        self._log = logs / f"{name}.log"
        self._is_ready = is_ready
        self._child: Child | None = None
        self._begins_at = 0
        self._ready = False
        self.is_armed = False
        self.paused_until: float | None = None

    def start(self, counted: Sequence[Fault], *, armed: Sequence[Fault]) -> None:
        self.is_armed = bool(armed)
        environment = {**os.environ, **environment_of(*counted, *armed)}
        if self.kind != "web":
            environment["COACH_ACTION_TIME_LIMIT_S"] = TIME_LIMIT_S
        role = Role(
            name=self.name,
            command=(sys.executable, "-m", "server.testing", *self._command.split()),
            environment=environment,
            directory=ROOT,
            grace_s=20.0,
        )
        self._begins_at = self._log.stat().st_size if self._log.exists() else 0
        self._child = Child(role, self._log)
        self._ready = False
        self.paused_until = None

    @property
    def exit_code(self) -> int | None:
        return None if self._child is None else self._child.exit_code

    @property
    def is_up(self) -> bool:
        """Whether it has started, and works."""
        if self._child is None or self.exit_code is not None or self.paused_until is not None:
            return False
        self._ready = self._ready or self._is_ready(self)
        return self._ready

    def says(self, text: str) -> bool:
        """Whether it has said so since it was started."""
        if not self._log.exists():
            return False
        with self._log.open("rb") as file:
            file.seek(self._begins_at)
            return text.encode() in file.read()

    def last_words(self) -> str:
        return "\n".join(tail(self._log, 12))

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()

    def pause(self, seconds: float) -> None:
        self._send(signal.SIGSTOP)
        self.paused_until = time.monotonic() + seconds

    def go_on(self) -> None:
        """After a pause, if there is one."""
        self._send(signal.SIGCONT)
        self.paused_until = None

    def end(self) -> None:
        if self._child is not None:
            self.go_on()
            self._child.end()

    def _send(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.exit_code is None:
            os.kill(self._child.pid, number)


class System:
    """PostgreSQL, Redis, workers, relays and a web process.

    `counts` holds what was done to them, and `diary` when; `troubles` what they did that nobody asked for. `outages` is
    when not all was up that an action needs to start, `hindrances` adds when the workers had their hands full.
    `start_limit_s` is what the machine, at its busiest, allows for a start.
    """

    def __init__(self, services: LocalServices, home: Path, random: Random, *, workers: int) -> None:
        self.services = services
        self.outages, self.hindrances = Outages(), Outages()
        self.start_limit_s = START_LIMIT_S
        self.counts: Counter[str] = Counter()
        self.diary: list[tuple[float, str]] = []
        self.troubles: list[str] = []
        self.deliveries = home / "deliveries"
        self.calm = False
        self._random = random
        self._rush = Rush(services.redis_url, self.deliveries)
        self._server_down = False
        port = free_port()
        self.web_url = f"http://127.0.0.1:{port}"
        logs = home / "roles"  # __main__ keeps it where something is off
        logs.mkdir()
        self.workers = [
            Player(f"worker-{n}", f"worker --name chaos-{n}", logs, _says("ready.")) for n in range(workers)
        ]
        self.relays = [Player(f"relay-{n}", "relay", logs, _says("the relay is running")) for n in range(2)]
        self.web = Player("web", f"web --port {port}", logs, _answers(self.web_url))
        self._stack = ExitStack()
        os.environ[counting.VARIABLE] = str(self.deliveries)

    @property
    def players(self) -> list[Player]:
        return [*self.workers, *self.relays, self.web]

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for player in self.players:
                stack.callback(player.end)
                self._start(player)
            self.wait_until_up()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for player in self.players:
            player.kill()
        self._stack.close()

    def wait_until_up(self) -> None:
        """Raises `TimeoutError`, with the last words of what does not come up."""
        deadline = time.monotonic() + READY_S
        while late := [player for player in self.players if not player.is_up]:
            self.look_after()
            if time.monotonic() > deadline:
                words = "\n".join(f"--- {player.name}\n{player.last_words()}" for player in late)
                raise TimeoutError(f"these are not up after {READY_S:g} s:\n{words}")
            time.sleep(0.1)

    def look_after(self) -> None:
        """Start what has ended, let go on what was paused long enough, and note whether actions could start."""
        for player in self.players:
            self._look_after(player)
        somebody = any(player.is_up for player in self.workers) and any(one.is_up for one in self.relays)
        is_up = somebody and not self._server_down
        self.outages.see(is_up=is_up)
        self.hindrances.see(is_up=is_up and not self._rush.is_on())
        self.start_limit_s = max(self.start_limit_s, start_limit_s())

    def note(self, deed: str) -> None:
        self.counts[deed] += 1
        self.diary.append((time.time(), deed))

    def kill(self, player: Player) -> None:
        player.kill()
        self.note(f"{player.kind} killed")
        self._start_again(player)

    def pause(self, player: Player, seconds: float) -> None:
        player.pause(seconds)
        self.note(f"{player.kind} paused")

    def suffer_outage(self, seconds: float) -> None:
        """Something is away for so long that nobody here has ended."""
        for outages in (self.outages, self.hindrances):
            outages.last(seconds)

    def restart_redis(self, seconds: float) -> None:
        """Kill it, and start it again after so long."""
        self._restart("redis", seconds)

    def restart_postgres(self, seconds: float) -> None:
        self._restart("postgres", seconds)

    def calm_down(self) -> None:
        """Nothing more is done to it. What is armed still may end, and is started again unarmed."""
        self.calm = True
        for player in self.players:
            player.go_on()
        self.wait_until_up()

    def _restart(self, name: str, seconds: float) -> None:
        server = self.services.redis if name == "redis" else self.services.postgres
        self._server_down = True
        self.look_after()
        server.kill()
        try:
            self._look_after_for(seconds)
        finally:
            server.start()
            self._server_down = False
            self.note(f"{name} killed")

    def _look_after_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look_after()
            time.sleep(0.05)

    def _look_after(self, player: Player) -> None:
        if player.paused_until is not None and player.paused_until < time.monotonic():
            player.go_on()
        if player.exit_code is not None:
            self._note_end(player, player.exit_code)
            self._start_again(player)

    def _note_end(self, player: Player, exit_code: int) -> None:
        if exit_code == -signal.SIGKILL and player.is_armed:
            self.note(f"{player.kind} killed at a crash point")
        elif exit_code == WATCHDOG and player.kind == "worker":
            self.note("worker ended by its watchdog")
        else:
            self.troubles.append(
                f"{player.name} ended by itself ({describe_exit(exit_code)}):\n{player.last_words()}"
            )

    def _start_again(self, player: Player) -> None:
        self.counts[f"{player.kind} started again"] += 1
        self._start(player)

    def _start(self, player: Player) -> None:
        player.start([COUNTED] if player.kind == "worker" else [], armed=self._armed(player.kind))

    def _armed(self, kind: str) -> list[Fault]:
        if self.calm:
            return []
        point = self._random.choice(POINTS[kind])
        deadly = Fault(point=point, do="kill", on=None, chance=CHANCES[kind])
        return [deadly, *(self._random.sample(MILD, 2) if kind == "worker" else [])]


def _says(text: str) -> Callable[[Player], bool]:
    return lambda player: player.says(text)


def _answers(url: str) -> Callable[[Player], bool]:
    def answers(player: Player) -> bool:
        try:
            return httpx.get(f"{url}/healthz", timeout=1).status_code == 200
        except httpx.TransportError:
            return False

    return answers
