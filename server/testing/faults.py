"""Letting something go wrong at a named place: in this process, or in a role that the test starts.

with inject(Fault(point=CrashPoint.BEFORE_COMMIT, do="raise")):
    drain(user)

COACH_FAULTS='[{"point": "after_claim", "do": "kill"}]' python -m server.testing worker
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Self

from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from server.enums.action_type import ActionType
from server.services.crash_points import POINTS_OF_AN_ACTION, CrashPoint, arm

VARIABLE = "COACH_FAULTS"


class InjectedFault(Exception):
    """What a fault with `do="raise"` raises."""


class Fault(BaseModel):
    """One thing that goes wrong.

    `do` is `kill` (SIGKILL to this process), `stop` (SIGSTOP to it), `exit` (`os._exit`), `raise` (an `InjectedFault`),
    `sleep:SECONDS`, or `package.module:function`, a function without arguments whose module imports no Django models.
    It happens when `point` is reached for the `on`-th time in the process (1-based; None is every time), by an action
    of `action_type` where that is given, and then with the probability `chance`. With a `trigger` it waits for a file
    of that name, and happens in the one process that takes the file away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    point: CrashPoint
    do: str = "kill"
    on: int | None = Field(default=1, ge=1)
    action_type: str = ""
    chance: float = Field(default=1.0, gt=0.0, le=1.0)
    trigger: Path | None = None

    @field_validator("do")
    @classmethod
    def _stands_for_something(cls, do: str) -> str:
        deed(do)
        return do

    @field_validator("action_type")
    @classmethod
    def _is_known(cls, action_type: str) -> str:
        return action_type and ActionType(action_type).value

    @model_validator(mode="after")
    def _is_told_of_the_action(self) -> Self:
        if self.action_type and self.point not in POINTS_OF_AN_ACTION:
            raise ValueError(
                f"at {self.point.value!r} it is not known yet, or any more, what action it is about"
            )
        return self


FAULTS = TypeAdapter(list[Fault])


def deed(do: str) -> Callable[[], object]:
    """What `Fault.do` stands for. Raises `ValueError` for what stands for nothing."""
    if do in DEEDS:
        return DEEDS[do]
    name, colon, rest = do.partition(":")
    if not colon:
        known = ", ".join(sorted(DEEDS))
        raise ValueError(f"{do!r} is none of {known}, sleep:SECONDS, package.module:function")
    return _sleep(do, rest) if name == "sleep" else _imported(do, name, rest)


def _sleep(do: str, seconds: str) -> Callable[[], object]:
    if not seconds.replace(".", "", 1).isdecimal():
        raise ValueError(f"{do!r} does not say how many seconds: write sleep:0.5")
    return lambda: time.sleep(float(seconds))


def _imported(do: str, module: str, name: str) -> Callable[[], object]:
    try:
        function: Callable[[], object] = vars(import_module(module))[name]
    except KeyError as error:
        raise ValueError(f"{do!r}: the module {module!r} has no {name!r}") from error
    except (ImportError, ValueError) as error:
        raise ValueError(f"{do!r} cannot be imported: {error}") from error
    except (AppRegistryNotReady, ImproperlyConfigured) as error:
        raise ValueError(f"{do!r} cannot be imported: its module may not import Django models") from error
    return function


def _raise() -> None:
    raise InjectedFault


DEEDS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "exit": lambda: os._exit(7),
    "raise": _raise,
}
DEADLY = frozenset({"kill", "stop", "exit"})


class _Faults:
    """Counts how often each fault's place was reached, and lets it happen when its turn has come."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._turns = [_Turn(fault) for fault in faults]

    def __call__(self, point: CrashPoint, action_type: str) -> None:
        due = [turn for turn in self._turns if turn.has_come(point, action_type)]
        for turn in due:
            turn.do()


class _Turn:
    """One fault, and how often its place was reached."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._reached = 0
        self.do = deed(fault.do)

    def has_come(self, point: CrashPoint, action_type: str) -> bool:
        fault = self._fault
        if fault.point is not point or fault.action_type not in ("", action_type):
            return False
        self._reached += 1
        has_come = fault.on in (None, self._reached) and random.random() < fault.chance
        return has_come and (fault.trigger is None or _taken(fault.trigger))


def _taken(trigger: Path) -> bool:
    """Whether the file was there and this process is the one that removed it."""
    try:
        trigger.unlink()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def inject(*faults: Fault) -> Iterator[None]:
    """Let these faults happen in this process, inside the block; those of a block around it wait meanwhile.

    Raises `ValueError` for one that would end or stop this process, which is the test's own.
    """
    for fault in faults:
        if fault.do in DEADLY:
            raise ValueError(
                f"do={fault.do!r} would hit the test itself: give it to a role that the test starts"
            )
    before = arm(_Faults(faults))
    try:
        yield
    finally:
        arm(before)


def environment_of(*faults: Fault) -> dict[str, str]:
    """The variable that gives these faults to `python -m server.testing ROLE`."""
    return {VARIABLE: FAULTS.dump_json(list(faults)).decode()}


def arm_from_environment() -> None:
    """Let the faults of `COACH_FAULTS` happen in this process; where they cannot be read, say why and exit with 2."""
    try:
        arm(_Faults(FAULTS.validate_json(os.environ.get(VARIABLE) or "[]")))
    except ValidationError as error:
        sys.stderr.write(f"coach: {VARIABLE} cannot be used: {error}\n")
        raise SystemExit(2) from error
