"""The monkey: one deed after the other, each a thing that happens to real systems."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from random import Random

import psycopg
from redis import Redis, RedisError

from server.apps.actions.queries import ActionRef
from server.enums.queue_name import QueueName
from tests.chaos.system import Player, System
from workers.publisher import message_for

KEPT_MESSAGES = 500
LOOK_S = 0.05
SILENCE_S = 0.7
NEW_SESSIONS_S = 1.0
"""Time for all who lost their session to notice it, and make another."""

OPEN_ACTIONS = """
SELECT id, action_type FROM actions WHERE status IN ('queued', 'running', 'retrying') ORDER BY random() LIMIT %s
"""
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'coach' AND random() < %s
"""


class Monkey(threading.Thread):
    """Does its deeds until it is stopped; `pace_s` is the mean time between two.

    What it cannot do because of a deed before, it leaves. `failure` is what ended it, if anything did.
    """

    def __init__(self, system: System, random: Random, *, pace_s: float, kills_postgres: bool) -> None:
        super().__init__(name="monkey", daemon=True)
        self.failure: BaseException | None = None
        self._system = system
        self._random = random
        self._pace_s = pace_s
        self._stopped = threading.Event()
        self._old_messages: deque[bytes | str] = deque(maxlen=KEPT_MESSAGES)
        self._redis = Redis.from_url(
            system.services.redis_url, socket_timeout=1.0, socket_connect_timeout=1.0
        )
        self._deeds: dict[Callable[[], None], int] = {
            self.kill_a_worker: 4,
            self.pause_a_worker: 3,
            self.kill_a_relay: 2,
            self.pause_a_relay: 1,
            self.kill_the_web_process: 2,
            self.kill_redis: 3,
            self.flush_redis: 2,
            self.silence_redis: 1,
            self.duplicate_messages: 6,
            self.send_out_of_turn: 6,
            self.cut_connections: 4,
            self.kill_postgres: 2 if kills_postgres else 0,
        }

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 - the run must say so, and not go on unharmed
            self.failure = error

    def stop(self) -> None:
        self._stopped.set()
        if self.is_alive():
            self.join()

    def _run(self) -> None:
        for deed in self._chosen():
            self._wait(self._random.expovariate(1 / self._pace_s))
            if self._stopped.is_set():
                return
            self._do(deed)

    def _chosen(self) -> Iterator[Callable[[], None]]:
        """Each once at first, so that a short run has seen them all, and then by chance."""
        deeds = [deed for deed, weight in self._deeds.items() if weight]
        self._random.shuffle(deeds)
        yield from deeds
        while True:
            yield from self._random.choices(list(self._deeds), list(self._deeds.values()))

    def _do(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except (RedisError, psycopg.OperationalError):
            self._system.note("deeds that could not be done")

    def kill_a_worker(self) -> None:
        self._system.kill(self._random.choice(self._system.workers))

    def pause_a_worker(self) -> None:
        """For a moment, or past its lease."""
        self._pause(self._random.choice(self._system.workers), self._random.choice([0.5, 3.0, 12.0]))

    def kill_a_relay(self) -> None:
        self._system.kill(self._random.choice(self._system.relays))

    def pause_a_relay(self) -> None:
        self._pause(self._random.choice(self._system.relays), self._random.choice([1.0, 5.0]))

    def kill_the_web_process(self) -> None:
        self._system.kill(self._system.web)

    def kill_redis(self) -> None:
        self._system.restart_redis(self._random.choice([0.0, 0.5, 2.0]))

    def kill_postgres(self) -> None:
        self._system.restart_postgres(self._random.choice([0.0, 1.0]))

    def flush_redis(self) -> None:
        """All messages are gone, and the workers' bindings."""
        self._redis.flushall()
        self._system.note("redis flushed")

    def silence_redis(self) -> None:
        self._redis.client_pause(int(SILENCE_S * 1000))
        self._system.suffer_outage(SILENCE_S)
        self._system.note("redis silenced")

    def duplicate_messages(self) -> None:
        """Messages that wait are sent again, once or often, and so are some that were sent long ago."""
        waiting = self._redis.lrange(QueueName.ACTIONS.value, 0, -1)
        old = self._random.sample(list(self._old_messages), min(len(self._old_messages), 30))
        copies = [*waiting, *old] * self._random.choice([1, 3])
        if copies:
            self._random.shuffle(copies)
            self._redis.lpush(QueueName.ACTIONS.value, *copies)
            self._system.counts["messages duplicated"] += len(copies)

    def send_out_of_turn(self) -> None:
        """Messages for actions that wait behind others, wait for a retry, or run already."""
        with self._session() as session:
            rows = session.execute(OPEN_ACTIONS, [self._random.choice([10, 100])]).fetchall()
        messages = [message_for(ActionRef(*row)) for row in rows]
        if messages:
            self._redis.lpush(QueueName.ACTIONS.value, *messages)
            self._system.counts["messages sent out of turn"] += len(messages)

    def cut_connections(self) -> None:
        """The server ends some sessions, in the middle of whatever they do."""
        with self._session() as session:
            row = session.execute(CUT, [self._random.choice([0.2, 0.5, 1.0])]).fetchone()
            self._system.suffer_outage(NEW_SESSIONS_S)
            self._system.counts["connections cut"] += row[0] if row else 0

    def _session(self) -> psycopg.Connection:
        return psycopg.connect(self._system.services.database_url, autocommit=True)

    def _pause(self, player: Player, seconds: float) -> None:
        if player.is_up:
            self._system.pause(player, seconds)

    def _wait(self, seconds: float) -> None:
        """Until the next deed; meanwhile what ended is started again, and messages are remembered."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopped.is_set():
            self._system.look_after()
            self._remember()
            self._stopped.wait(LOOK_S)

    def _remember(self) -> None:
        try:
            self._old_messages.extend(self._redis.lrange(QueueName.ACTIONS.value, 0, 9))
        except RedisError:
            return
