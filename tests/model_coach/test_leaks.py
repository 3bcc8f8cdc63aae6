"""Turns leave nothing behind: no request, no connection, no task, no memory."""

import asyncio
import gc
import random
from collections import Counter

import psutil
import pytest

from server.services.coach.failure import CoachFailed
from server.services.coach.model_coach.coach import ModelCoach
from server.testing.model_server.conversations import Received
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step
from tests.conftest import TellFigure
from tests.model_coach.asking import HELLO, TURN, Heard, settings_of
from tests.processes import WAIT_S, wait_until

TURNS = 1_000
AT_ONCE = 20
CHANCE = random.Random(20)
SLOW = Step(answer={"message": "word " * 500}, piece=5, delay=0.02)


def sockets() -> int:
    """The sockets of this process; those of the stand-in, which runs in it, among them."""
    return len(psutil.Process().net_connections())


async def tasks_settle() -> None:
    """Only this task is left, soon."""
    for _ in range(100):
        if len(asyncio.all_tasks()) == 1:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"tasks are left: {asyncio.all_tasks()}")


def test_a_caller_that_goes_away_ends_the_request() -> None:
    async def go_away() -> None:
        coach = ModelCoach(settings_of(server))
        heard = Heard()
        asked = asyncio.create_task(coach.reply(TURN, heard))
        while not heard.shown:  # noqa: ASYNC110 (each piece counts)
            await asyncio.sleep(0.005)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await tasks_settle()
        async with asyncio.timeout(WAIT_S):  # the answer would take longer, and end as "answered"
            while server.requests[0].outcome is None:  # noqa: ASYNC110 (another thread sets it)
                await asyncio.sleep(0.005)
        assert server.requests[0].outcome == "gone"
        # The connection is not used again, and the next turn has one of its own.
        assert (await coach.reply(TURN, Heard())).response.message == "Hello. How are you?"
        await coach.aclose()

    with ModelServer([SLOW, HELLO]) as server:
        asyncio.run(go_away())


def test_a_caller_that_goes_away_in_a_pause_asks_no_more() -> None:
    async def go_away() -> None:
        coach = ModelCoach(settings_of(server))
        asked = asyncio.create_task(coach.reply(TURN, Heard()))
        while not server.requests:  # noqa: ASYNC110 (another thread takes them)
            await asyncio.sleep(0.005)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await tasks_settle()
        await coach.aclose()

    with ModelServer([Step(rate_limit=60), HELLO]) as server:
        asyncio.run(go_away())
        assert len(server.requests) == 1


def chaotic(received: Received) -> Step:
    """One of everything that may happen, good answers more often than not."""
    good = {"message": "All is well. " * 5, "add_user_note": {"params": {"note": "Tea"}}}
    bad = {"message": "All is well.", "add_user_note": {"params": {"note": ""}}}
    return CHANCE.choice(
        [
            *[Step(answer=good)] * 8,
            Step(answer=good, repeat=True),
            Step(answer=bad),
            Step(raw="no JSON"),
            Step(refuse="No."),
            Step(truncated=2),
            Step(cut=2),
            Step(cut=0),
            Step(status=500),
            Step(rate_limit=0.01),
            Step(stall=5),
        ]
    )


@pytest.mark.timeout(400)
def test_a_thousand_turns_of_every_kind_leave_nothing_behind(tell_figure: TellFigure) -> None:
    ends: Counter[str] = Counter()

    async def one(coach: ModelCoach, number: int) -> None:
        heard = Heard()
        turn = asyncio.create_task(coach.reply(TURN, heard))
        if number % 10 == 0:  # some callers go away, at any moment
            asyncio.get_running_loop().call_later(CHANCE.uniform(0, 0.05), turn.cancel)
        try:
            reply = await turn
        except asyncio.CancelledError:
            ends["gone"] += 1
        except CoachFailed as failed:
            ends[failed.kind.value] += 1
        else:
            assert heard.shown == reply.response.message
            ends["replied"] += 1

    async def many(coach: ModelCoach, turns: int) -> None:
        numbers = iter(range(turns))

        async def some() -> None:
            for number in numbers:
                await one(coach, number)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def all_of_them() -> tuple[int, int, int, int]:
        coach = ModelCoach(settings_of(server, stall_timeout_s=0.3))
        await many(coach, TURNS // 5)  # what is kept on purpose is there after that
        await tasks_settle()
        gc.collect()
        open_before, memory_before = sockets(), psutil.Process().memory_info().rss
        await many(coach, TURNS)
        await tasks_settle()
        gc.collect()
        open_after, memory_after = sockets(), psutil.Process().memory_info().rss
        await coach.aclose()
        return open_before, open_after, memory_before, memory_after

    with ModelServer(chaotic) as server:
        at_first = sockets()
        open_before, open_after, memory_before, memory_after = asyncio.run(all_of_them())
        wait_until(lambda: sockets() <= at_first, "every connection is closed")
    assert sum(ends.values()) == TURNS * 6 // 5
    assert len(ends) >= 6, ends
    # Both ends of each kept connection are counted, and there are as many of those as were asked at once.
    assert open_after <= open_before + 2 * AT_ONCE, (open_before, open_after)
    assert memory_after - memory_before < 60 * 2**20, (memory_before, memory_after, ends)
    grown_mib = (memory_after - memory_before) / 2**20
    tell_figure(f"{dict(ends)}: sockets {open_before} before, {open_after} after, {grown_mib:+.1f} MiB")
