"""Letting something go wrong at a named place: in this process, or in a role that the test starts.

with inject(Fault(point=CrashPoint.BEFORE_COMMIT, do="raise")):
drain(user)

COACH_FAULTS='[{"point": "after_claim", "do": "kill"}]' python -m server.testing worker
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from server.services.crash_points import CrashPoint, arm

VARIABLE = "COACH_FAULTS"


class InjectedFault(Exception):
    """What a fault with `do="raise"` raises."""


class Fault(BaseModel):
    """One thing that goes wrong.

    `do` is `kill` (SIGKILL to this process), `stop` (SIGSTOP to it), `exit` (`os._exit`), `raise` (an `InjectedFault`),
    `sleep:SECONDS`, or `package.module:function`, a function without arguments. It happens when `point` is reached for
    the `on`-th time in the process (1-based; None is every time), by an action of `action_type` where that is given,
    and then with the probability `chance`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    point: CrashPoint
    do: str = "kill"
    on: int | None = Field(default=1, ge=1)
    action_type: str = ""
    chance: float = Field(default=1.0, gt=0.0, le=1.0)

    @field_validator("do")
    @classmethod
    def _is_known(cls, do: str) -> str:
        deed(do)
        return do


FAULTS = TypeAdapter(list[Fault])


def deed(do: str) -> Callable[[], object]:
    """What `Fault.do` stands for. Raises `ValueError` for what stands for nothing."""
    if do in DEEDS:
        return DEEDS[do]
    name, colon, rest = do.partition(":")
    if name == "sleep" and colon:
        seconds = float(rest)
        return lambda: time.sleep(seconds)
    if not colon:
        known = ", ".join(sorted(DEEDS))
        raise ValueError(f"{do!r} is none of {known}, sleep:SECONDS, package.module:function")
    function: Callable[[], object] = vars(import_module(name))[rest]
    return function


def _raise() -> None:
    raise InjectedFault


DEEDS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "exit": lambda: os._exit(7),
    "raise": _raise,
}


class _Faults:
    """Counts how often each fault's place was reached, and lets it happen when its turn has come."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = [(fault, deed(fault.do)) for fault in faults]
        self._reached: Counter[Fault] = Counter()

    def __call__(self, point: CrashPoint, action_type: str) -> None:
        for fault, do in self._faults:
            if fault.point is point and fault.action_type in ("", action_type):
                self._reached[fault] += 1
                if fault.on in (None, self._reached[fault]) and random.random() < fault.chance:
                    do()


@contextmanager
def inject(*faults: Fault) -> Iterator[None]:
    """Let these faults happen in this process, inside the block."""
    arm(_Faults(faults))
    try:
        yield
    finally:
        arm(None)


def environment_of(*faults: Fault) -> dict[str, str]:
    """The variable that gives these faults to `python -m server.testing ROLE`."""
    return {VARIABLE: FAULTS.dump_json(list(faults)).decode()}


def arm_from_environment() -> None:
    """Let the faults of `COACH_FAULTS` happen in this process. Raises `ValidationError`, naming what is wrong."""
    arm(_Faults(FAULTS.validate_json(os.environ.get(VARIABLE) or "[]")))
