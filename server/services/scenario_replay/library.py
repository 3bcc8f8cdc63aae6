"""The scenarios that are kept in the database, for the staff pages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from server.apps.test_scenarios.models import TestScenario
from server.models.coach_chat_response import CoachChatResponse
from server.services.scenario_replay.loading import scenario_in
from server.services.scenario_replay.reading import MOST_BYTES, Faults
from server.services.scenario_replay.scenario import Scenario
from server.services.scenario_replay.writing import to_json


class NameTaken(Exception):
    """The library has a scenario of that name. The message says so, and what to do."""


class TooLarge(Exception):
    """No file could hold the scenario. The message says so."""


class NotInLibrary(Exception):
    """A scenario is gone from the library, or this version cannot use it any more. The message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A scenario of the library, and whether it took the place of another."""

    row: TestScenario
    has_replaced: bool


def add(text: str, *, file: str, added_by: str, replace: bool = False) -> Added:
    """Keep a scenario file. `file` is what errors call it.

    Raises `Faults` where it is none, and `NameTaken` where the library has one of that name and `replace` is not set.
    """
    return add_scenario(scenario_in(text, file), added_by=added_by, replace=replace)


def add_scenario(scenario: Scenario, *, added_by: str, replace: bool = False) -> Added:
    """Keep a scenario. Raises `NameTaken` as `add` does."""
    fields = {
        "description": scenario.description,
        "content": _written(scenario),
        "turns": len(scenario.turns),
        "actions_asked": scenario.actions,
        "added_by": added_by,
    }
    if replace:
        row, is_new = TestScenario.objects.update_or_create(
            name=scenario.name, in_library=True, defaults=fields
        )
        return Added(row=row, has_replaced=not is_new)
    try:
        with transaction.atomic():
            row = TestScenario.objects.create(name=scenario.name, in_library=True, **fields)
    except IntegrityError as error:
        raise NameTaken(
            f"There is a scenario {scenario.name!r} already: replace it, or give this one another name."
        ) from error
    return Added(row=row, has_replaced=False)


def text_of(scenario: Scenario) -> str:
    """The file of a scenario. Raises `TooLarge` where nobody would read that."""
    text = to_json(scenario)
    if len(text.encode()) > MOST_BYTES:
        raise TooLarge(
            f"It would be a file of over {MOST_BYTES:,} bytes, which `coach replay` does not read."
        )
    return text


def scenarios_of(ids: Sequence[UUID | str]) -> list[Scenario]:
    """The scenarios of these rows, in this order. Raises `NotInLibrary`."""
    rows = {str(row.id): row for row in TestScenario.objects.library().filter(id__in=ids)}
    return [_scenario_of(rows.get(str(row_id))) for row_id in ids]


def file_of(row: TestScenario) -> dict[str, Any]:
    """The file of a row, keys in their usual order, which the database does not keep."""
    try:
        return _written(scenario_in(json.dumps(row.content), row.name))
    except Faults:  # of another version: it is shown as it is
        return dict(row.content)


def _written(scenario: Scenario) -> dict[str, Any]:
    """What stands in the file, and nothing that does not."""
    content: dict[str, Any] = scenario.model_dump(mode="json", exclude_unset=True)
    for turn in _turns(content):
        if response := turn.get("response"):
            turn["response"] = CoachChatResponse.model_validate(response).model_dump(
                mode="json", exclude_unset=True
            )
    return content


def _turns(content: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return content.get("turns") or ()


def _scenario_of(row: TestScenario | None) -> Scenario:
    if row is None:
        raise NotInLibrary("A scenario was removed from the library before it could be played.")
    try:
        return scenario_in(json.dumps(row.content), row.name)
    except Faults as faults:
        raise NotInLibrary(
            f"This version cannot use the scenario {row.name!r}: {' '.join(faults.lines)}"
        ) from faults
