"""What goes over the wire about scenarios and their replays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from server.api.schemas import Taken, Wire, one_of
from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.enums.replay_status import ReplayStatus
from server.services.action_handler.models.text import NAME_LIMIT, StorableText
from server.services.scenario_replay.library import file_of

MOST_SCENARIOS = 500
MOST_COPIES = 1_000


class ScenarioSummary(Wire):
    """A scenario of the library. `added_by` is an email, empty for one that a command added."""

    id: UUID
    name: str
    description: str
    turns: int
    actions: int
    added_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: TestScenario) -> Self:
        return cls(**_summary(row))


class Scenario(ScenarioSummary):
    """A scenario of the library, and its file."""

    content: dict[str, Any]

    @classmethod
    def of(cls, row: TestScenario) -> Self:
        return cls(**_summary(row), content=file_of(row))


class FreezeOrder(Taken):
    """Whose conversation is to become a scenario, and whether as it was written; by default with pseudonyms.

    `replace` puts it in the place of a scenario of the same name.
    """

    email: StorableText = Field(min_length=1, max_length=254)
    name: Annotated[StorableText | None, Field(min_length=1, max_length=NAME_LIMIT)] = None
    real_names: bool = False
    replace: bool = False


class FrozenScenario(Wire):
    """The scenario that a conversation became, and what of it the scenario cannot say."""

    scenario: ScenarioSummary
    remarks: list[str]


class ReplayOrder(Taken):
    """Which scenarios to play, each how often."""

    scenario_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_SCENARIOS)]
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1


class ReplayDifference(Wire):
    """Something that is not as expected, and the action that made it so, if one did: `3. accept_identity`."""

    place: str
    expected: Any
    got: Any
    by: str | None = None


class ReplayDisagreement(Wire):
    """The number of a copy that came to something else than playing the same in one process, and to what."""

    number: int
    differences: list[ReplayDifference]


class ReplayResult(Wire):
    """What became of one scenario. `unsettled` are copies that did not come to their end."""

    name: str
    as_expected: bool
    copies: int
    differences: list[ReplayDifference]
    unresolved: list[str]
    unsettled: list[int]
    disagreements: list[ReplayDisagreement]


class ReplaySummary(Wire):
    """A replay. `started_by` is an email, empty for the command's; `done` of `total` copies have ended.

    `differing` scenarios are known by now not to be as expected. `reason` says why it did not come to its end, where
    that is not plain.
    """

    id: UUID
    status: Annotated[str, one_of(ReplayStatus)]
    started_by: str
    names: list[str]
    copies: int
    done: int
    total: int
    differing: int
    actions: int
    seconds: float | None
    reason: str
    is_stopping: bool
    has_report: bool
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: ReplayRun) -> Self:
        return cls(**_replay(row))


class Replay(ReplaySummary):
    """A replay, and what became of each scenario; null where it did not come to its end."""

    results: list[ReplayResult] | None

    @classmethod
    def of(cls, row: ReplayRun) -> Self:
        return cls(**_replay(row), results=row.results and [_result(one) for one in row.results["scenarios"]])


def _summary(row: TestScenario) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "turns": row.turns,
        "actions": row.actions_asked,
        "added_by": row.added_by,
        "created_at": row.created_at,
    }


def _replay(row: ReplayRun) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.state,
        "started_by": row.started_by,
        "names": row.names,
        "copies": row.copies,
        "done": row.done,
        "total": row.total,
        "differing": row.differing,
        "actions": row.actions,
        "seconds": row.seconds,
        "reason": row.reason,
        "is_stopping": row.is_open and row.stop_wanted,
        "has_report": row.has_report,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }


def _result(one: Mapping[str, Any]) -> ReplayResult:
    disagreements = [
        {"number": each["copy"], "differences": each["differences"]} for each in one["disagreements"]
    ]
    return ReplayResult.model_validate({**one, "disagreements": disagreements})
