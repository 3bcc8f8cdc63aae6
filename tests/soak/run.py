"""One soak: the system, the load, a look every few seconds, and the judgement."""

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from rich.console import Console

from tests.ending import SIGNALS
from tests.soak.judge import Judged, Sample, judge
from tests.soak.load import Counts, Load, make_people
from tests.soak.rules import RULES
from tests.soak.samples import Sampler
from tests.soak.system import System

END_S, LOOK_S = 60.0, 0.5
PEOPLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how many responses a second, how often a look is taken, and for how long what is pruned is kept."""

    seconds: float
    rate: float
    every_s: float
    keep_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What was seen. `is_whole` unless it was told to end before its time; `left_open` counts actions."""

    samples: list[Sample]
    judged: list[Judged]
    counts: Counts
    is_whole: bool
    left_open: int


async def soak(system: System, plan: Plan, progress: Console) -> Soaked:
    """Put the system under load for the plan's time. Raises `SoakError` where one of its processes ends."""
    told_to_end = _told_to_end()
    people = await asyncio.to_thread(make_people, PEOPLE)
    load = Load(system.url, people, rate=plan.rate, keep_s=plan.keep_s)
    with Sampler(system) as sampler:
        async with load.running():
            samples = await _watch(system, sampler, plan, told_to_end, progress)
        left_open = await _await_end(sampler)
    return Soaked(
        samples=samples,
        judged=judge(samples, RULES),
        counts=load.counts,
        is_whole=not told_to_end.is_set(),
        left_open=left_open,
    )


def _told_to_end() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the load is over, and what was started is being ended
            loop.call_soon_threadsafe(told.set)

    # Not `loop.add_signal_handler`: a loop that ends lets the next signal kill this process, and what it started stays.
    for number in SIGNALS:
        signal.signal(number, tell)
    return told


async def _watch(
    system: System, sampler: Sampler, plan: Plan, told_to_end: asyncio.Event, progress: Console
) -> list[Sample]:
    began = time.monotonic()
    samples = [await _sample(sampler, began)]
    while samples[-1].at_s < plan.seconds and not await _wait(told_to_end, plan.every_s):
        await asyncio.to_thread(system.check)
        samples.append(await _sample(sampler, began))
        _tell(progress, samples[-1], plan)
    return samples


async def _sample(sampler: Sampler, began: float) -> Sample:
    figures = await asyncio.to_thread(sampler.look)
    return Sample(at_s=time.monotonic() - began, figures=figures)


async def _wait(told: asyncio.Event, seconds: float) -> bool:
    """Whether it was told meanwhile."""
    try:
        await asyncio.wait_for(told.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _tell(progress: Console, sample: Sample, plan: Plan) -> None:
    shown = {
        name: sample.figures.get(name, 0.0)
        for name in ("rows actions", "rows events", "rows idempotency_keys", "redis list actions")
    }
    memory = {
        name: sample.figures.get(f"{name}: USS MiB", 0.0) for name in ("web", "worker-1", "relay", "flower")
    }
    progress.print(
        f"{sample.at_s:6.0f} s of {plan.seconds:.0f}",
        ", ".join(f"{name.removeprefix('rows ')} {value:,.0f}" for name, value in shown.items()),
        "; MiB:",
        ", ".join(f"{name} {value:.1f}" for name, value in memory.items()),
        highlight=False,
        soft_wrap=True,
    )


async def _await_end(sampler: Sampler) -> int:
    """How many actions are still open when the load has been off for a while: none should be."""
    for _ in range(int(END_S / LOOK_S)):
        if not await asyncio.to_thread(sampler.open_actions):
            return 0
        await asyncio.sleep(LOOK_S)
    return await asyncio.to_thread(sampler.open_actions)
