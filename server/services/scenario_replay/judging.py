"""What to make of the copies of a scenario: as expected, different, or at odds with each other."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from server.enums.action_status import ActionStatus
from server.services.scenario_replay.comparison import Difference, differences_between, differences_from
from server.services.scenario_replay.end_state import EndState
from server.services.scenario_replay.inline import Inline, Step, play_inline
from server.services.scenario_replay.run import Played
from server.services.scenario_replay.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A difference, and the action that made the value what it is, where one did: `3. accept_identity`.

    Or one after that, which says that it was applied and changed nothing: `has_done_nothing`.
    """

    difference: Difference
    by: str | None
    has_done_nothing: bool = False

    @property
    def action_type(self) -> str | None:
        return self.by.partition(". ")[2] if self.by else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A copy that came to something else than playing the same in one process, one action after the other."""

    copy: int
    differences: tuple[Difference, ...]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What is known of a scenario once its copies have ended. `end_state` is what playing in one process came to."""

    scenario: Scenario
    end_state: EndState
    copies: int = 0
    found: tuple[Found, ...] = ()
    unresolved: tuple[str, ...] = ()
    disagreements: list[Disagreement] = field(default_factory=list)
    unsettled: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    actions: int = 0

    @property
    def is_as_expected(self) -> bool:
        return not self.found and not self._is_broken

    @property
    def differs_from_expectation_alone(self) -> bool:
        """Whether all copies agree, and came to something else than was expected."""
        return bool(self.found) and not self._is_broken

    @property
    def _is_broken(self) -> bool:
        return bool(self.unresolved or self.disagreements or self.unsettled)


class Judge:
    """Judges the copies of scenarios, one after the other, and keeps of them only what is wrong.

    All copies must agree with the first that was played in this process, which is done for those of the queue, too.
    `expected` is what to compare with instead of each scenario's own `expect`, by its name.
    """

    def __init__(self, expected: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._expected = expected
        self._verdicts: dict[str, Verdict] = {}

    @property
    def verdicts(self) -> list[Verdict]:
        return list(self._verdicts.values())

    @property
    def copies(self) -> int:
        """How many were judged."""
        return sum(verdict.copies for verdict in self._verdicts.values())

    @property
    def differing(self) -> int:
        """How many scenarios are known by now not to be as expected."""
        return sum(not verdict.is_as_expected for verdict in self._verdicts.values())

    def take(self, played: Played) -> Verdict:
        """Judge one copy, and answer what is known of its scenario so far."""
        scenario = played.scenario
        if scenario.name not in self._verdicts:
            self._verdicts[scenario.name] = self._verdict(scenario, play_inline(scenario))
        end_state = played.end_state if played.is_settled else None
        return self._count(scenario, played.copy, played.seconds, end_state)

    def take_inline(self, scenario: Scenario, inline: Inline, *, copy: int = 1) -> Verdict:
        """Judge one copy that was played in this process, and answer what is known of its scenario so far."""
        if scenario.name not in self._verdicts:
            self._verdicts[scenario.name] = self._verdict(scenario, inline)
        return self._count(scenario, copy, inline.seconds, inline.end_state)

    def _verdict(self, scenario: Scenario, inline: Inline) -> Verdict:
        return Verdict(
            scenario=scenario,
            found=_found(scenario, differences_from(self._expectation(scenario), inline.end_state)),
            unresolved=inline.unresolved,
            actions=len(inline.end_state.actions),
            end_state=inline.end_state,
        )

    def _count(self, scenario: Scenario, copy: int, seconds: float, end_state: EndState | None) -> Verdict:
        """One more copy; its `end_state` is None where it did not come to its end."""
        verdict = self._verdicts[scenario.name]
        verdict.copies += 1
        verdict.seconds.append(seconds)
        if end_state is None:
            verdict.unsettled.append(copy)
        elif differences := differences_between(verdict.end_state, end_state):
            verdict.disagreements.append(Disagreement(copy=copy, differences=tuple(differences)))
        return verdict

    def _expectation(self, scenario: Scenario) -> Mapping[str, Any]:
        if self._expected is not None:
            return self._expected[scenario.name]
        return scenario.expect.written()


def _found(scenario: Scenario, differences: Sequence[Difference]) -> tuple[Found, ...]:
    """The differences with their actions; the scenario is played once more to see which did what."""
    if not differences:
        return ()
    steps = play_inline(scenario, with_steps=True).steps
    idle = _first_idle(steps)
    return tuple(_with_its_action(one, made_by(one.place, steps), idle) for one in differences)


def _with_its_action(difference: Difference, made: str | None, idle: str | None) -> Found:
    """An action that did nothing, though it says so, is suspected of what stands since before it."""
    if idle and _number(made) < _number(idle):
        return Found(difference=difference, by=idle, has_done_nothing=True)
    return Found(difference=difference, by=made)


def _number(by: str | None) -> int:
    return int(by.partition(".")[0]) if by else 0


def _first_idle(steps: Sequence[Step]) -> str | None:
    """The first action that says that it was applied, and changed nothing of the user's."""
    for before, step in pairwise(steps):
        told = step.end_state.actions[step.number - 1]
        if told["status"] == ActionStatus.SUCCEEDED and _kept(before.end_state) == _kept(step.end_state):
            return f"{step.number}. {step.action_type}"
    return None


def _kept(end_state: EndState) -> tuple[Any, ...]:
    return end_state.coach_state, end_state.identities, end_state.user_notes


def made_by(place: str, steps: Sequence[Step]) -> str | None:
    """The last action that changed what stands at a place; the first step is the start, before any."""
    by = None
    for before, step in pairwise(steps):
        if _at(place, asdict(before.end_state)) != _at(place, asdict(step.end_state)):
            by = f"{step.number}. {step.action_type}"
    return by


def _at(place: str, state: Mapping[str, Any]) -> Any:
    """What stands at a place such as `identities[1].state`; None where there is nothing."""
    found: Any = state
    for part in place.replace("[", ".").replace("]", "").split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found
