"""`coach prune`."""

import json

import pytest

from server.apps.users.models import User
from tests.cli.conftest import Coach, fault
from tests.retention.aging import age_events, apply_notes, cursors


def test_it_says_what_would_be_removed_and_removes_it(coach_here: Coach, user: User) -> None:
    every = apply_notes(user, 2)
    age_events(user, every[2], days=31)

    looked = json.loads(coach_here("prune", "--dry-run", "--json").stdout)
    assert looked["dry_run"] is True
    assert looked["removed"]["events"] >= 3
    assert cursors(user) == every

    done = json.loads(coach_here("prune", "--json").stdout)
    assert done == looked | {"dry_run": False}
    assert cursors(user) == every[3:]
    assert not any(json.loads(coach_here("prune", "--json").stdout)["removed"].values())


def test_it_prints_a_table_of_what_is_kept_for_how_long(coach_here: Coach) -> None:
    header, *lines = coach_here("prune", "--dry-run").stdout.splitlines()
    assert header.split("  ")[0] == "what"
    kept = {line.split("  ")[0]: line.rsplit("  ", 1)[1].strip() for line in lines}
    assert kept == {
        "events": "30 days, at most 10,000 of a user",
        "idempotency keys": "7 days",
        "tracebacks": "30 days",
        "ended actions": "for ever",
        "what ended replays left": "until they have ended",
        "replays": "90 days",
        "sessions": "until they expire",
    }


@pytest.mark.parametrize(
    ("variable", "value", "what"),
    [
        ("COACH_KEEP_EVENTS_DAYS", "a month", "must be a valid number"),
        ("COACH_KEEP_EVENTS_DAYS", "-1", "must be greater than or equal to 0"),
        ("COACH_KEEP_EVENTS_PER_USER", "5", "must be 0, which is any number, or at least 100"),
        ("COACH_KEEP_IDEMPOTENCY_KEYS_DAYS", "0.5", "must be 0, which is for ever, or at least 1"),
        ("COACH_KEEP_ACTIONS_DAYS", "7", "must be 0, which is for ever, or at least COACH_KEEP_EVENTS_DAYS"),
        ("COACH_PRUNE_EVERY_MINUTES", "-5", "must be greater than or equal to 0"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    variable: str, value: str, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from server.settings.environment import environment

    monkeypatch.setenv(variable, value)
    environment.cache_clear()
    try:
        with pytest.raises(SystemExit) as ended:
            environment()
    finally:
        monkeypatch.delenv(variable)
        environment.cache_clear()
    (line,) = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert line.startswith(f"coach: {variable} {what}")


def test_where_there_is_no_database_it_is_one_line(coach: Coach) -> None:
    refused = coach("prune", DATABASE_URL="postgresql://coach@127.0.0.1:1/coach")
    assert refused.returncode == 1
    assert fault(refused).startswith("The database cannot be reached")
