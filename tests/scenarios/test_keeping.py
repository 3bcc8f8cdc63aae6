"""`coach scenario add` and `coach freeze --library`: scenarios for the staff pages."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from tests.api.work import accept, note, run
from tests.cli.conftest import Coach, fault
from tests.scenarios.test_loading import scenario, written


@pytest.fixture
def names() -> list[str]:
    """Two that no other test has: the database is shared."""
    return [f"{word} {uuid4().hex[:8]}" for word in ("First", "Second")]


def kept(names: list[str]) -> dict[str, str]:
    rows = TestScenario.objects.library().filter(name__in=names)
    return {row.name: row.description for row in rows}


def test_files_are_kept_all_or_none(tmp_path: Path, coach: Coach, names: list[str]) -> None:
    first, second = names
    written(tmp_path, scenario(name=first, description="Old."), "1.json")
    assert coach("scenario", "add", tmp_path).stdout == f"added {first}\n"

    written(tmp_path, scenario(name=second), "0.json")
    written(tmp_path, scenario(name=first, description="New."), "1.json")
    refused = coach("scenario", "add", tmp_path)
    assert refused.returncode == 2
    assert fault(refused).startswith(f"{tmp_path / '1.json'}: There is a scenario {first!r} already")
    assert kept(names) == {first: "Old."}

    done = coach("scenario", "add", tmp_path, "--replace")
    assert done.stdout == f"added {second}\nreplaced {first}\n"
    assert kept(names) == {first: "New.", second: ""}


def test_a_file_that_is_wrong_is_told(tmp_path: Path, coach: Coach) -> None:
    path = written(tmp_path, scenario(turns=[{}]))
    refused = coach("scenario", "add", path)
    assert refused.returncode == 2
    assert "turns.0: it is empty" in fault(refused)


def test_a_conversation_is_frozen_into_the_library(
    user: User, coach: Coach, names: list[str], tmp_path: Path
) -> None:
    accept(user, note("likes tea"))
    run(user)

    frozen = coach("freeze", "--email", user.email, "--library", "--name", names[0])
    assert frozen.returncode == 0, frozen.stderr
    row = TestScenario.objects.get(id=UUID(frozen.stdout.strip()))
    assert (row.name, row.in_library, row.run) == (names[0], True, None)

    again = coach("freeze", "--email", user.email, "--library", "--name", names[0])
    assert again.returncode == 2
    assert "already: replace it, or give this one another name." in fault(again)
    both = coach("freeze", "--email", user.email, "--library", "-o", tmp_path / "x.json")
    assert both.returncode == 2
    assert not (tmp_path / "x.json").exists()
