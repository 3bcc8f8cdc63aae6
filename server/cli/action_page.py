"""Everything about one action."""

import json
from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from server.api.schemas import AdminAction
from server.apps.actions.models import Action, OperatorEntry
from server.cli.tables import many_lines, one_line
from server.cli.times import moment, time_between

EXCERPT = 100
NOTHING = ("", "-")


class Operated(BaseModel):
    """An operator's verb, as `--json` prints it."""

    model_config = ConfigDict(from_attributes=True)
    verb: str
    operator: str
    from_status: str
    created_at: datetime


class ActionPage(AdminAction):
    """What `--json` prints. `ahead_in_lane` counts the open actions before an open one."""

    params_version: int
    published_at: datetime | None
    lease_until: datetime | None
    ahead_in_lane: int | None
    traceback: str
    operator_entries: list[Operated]


def page(action: Action) -> str:
    """The action for a person to read."""
    facts = [(name, value) for name, value in _facts(action) if value not in NOTHING]
    width = max(len(name) for name, _ in facts)
    lines = [f"{name:<{width}}  {one_line(value)}" for name, value in facts]
    return "\n".join([*lines, *_blocks(action)])


def page_json(action: Action) -> str:
    """The action for a program to read."""
    page = ActionPage(
        **AdminAction.of(action).model_dump(),
        params_version=action.params_version,
        published_at=action.published_at,
        lease_until=action.lease_until,
        ahead_in_lane=_ahead(action) if _is_open(action) else None,
        traceback=action.traceback,
        operator_entries=[Operated.model_validate(entry) for entry in _entries(action)],
    )
    return page.model_dump_json(indent=2)


def _facts(action: Action) -> Iterator[tuple[str, str]]:
    yield "id", str(action.id)
    yield "action", f"{action.action_type} ({action.label}), params version {action.params_version}"
    yield "user", action.user.email
    yield "test scenario", str(action.test_scenario_id or "")
    yield "status", str(action.status)
    yield "outcome", action.result_summary
    yield "lane", _lane(action)
    yield "attempts", f"{action.attempt} of {action.max_attempts}"
    yield "error", f"{action.error_kind}: {action.error_message}" if action.error_kind else ""
    yield "response", _response(action)
    yield "queued", moment(action.queued_at)
    yield "due", moment(action.due_at) if _is_open(action) else ""
    yield "published", moment(action.published_at) if _is_open(action) else ""
    yield "started", moment(action.started_at)
    yield "finished", moment(action.finished_at)
    yield "waited", time_between(action.queued_at, action.started_at) if action.attempt == 1 else ""
    yield "took", time_between(action.started_at, action.finished_at)
    if action.lease_until:
        yield "lease", f"until {moment(action.lease_until)}, held by the database session {action.holder}"


def _blocks(action: Action) -> Iterator[str]:
    yield "\nparameters"
    yield _indented(json.dumps(action.parameters, indent=2, ensure_ascii=False))
    if action.traceback:
        yield "\ntraceback"
        yield _indented(action.traceback)
    if entries := _entries(action):
        yield "\noperators"
        for entry in entries:
            done = f"{entry.verb} by {one_line(entry.operator)}, when it was {entry.from_status}"
            yield f"  {moment(entry.created_at)}  {done}"


def _lane(action: Action) -> str:
    """Where an open action stands in its user's lane."""
    if not _is_open(action):
        return ""
    ahead = _ahead(action)
    return f"{ahead} before it" if ahead else "first"


def _ahead(action: Action) -> int:
    return Action.objects.filter(user_id=action.user_id, seq__lt=action.seq).open().count()


def _is_open(action: Action) -> bool:
    return action.finished_at is None


def _response(action: Action) -> str:
    if action.coach_message is None:
        return "gone: the chat was reset"
    said = one_line(action.coach_message.content)
    said = said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1]}…"
    return f"{action.coach_message_id}, action {action.position + 1} of it: {said!r}"


def _entries(action: Action) -> list[OperatorEntry]:
    return list(action.operator_entries.order_by("created_at"))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in many_lines(text).splitlines())
