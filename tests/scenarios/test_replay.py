"""`coach replay`: recorded conversations through the real queue and workers, compared with what is expected."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from redis import Redis

from server.apps.actions.models import Action
from server.apps.actions.queries import ActionQuerySet
from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User
from server.enums.queue_name import QueueName
from server.local.priority import NICENESS
from server.services.scenario_replay.begun import EMAIL_DOMAIN
from tests.cli.conftest import Coach, fault
from tests.processes import RoleProcess, wait_until
from tests.scenarios.test_loading import asking, scenario, written

RECORDED = {
    "start": {
        "coach_state": {"current_phase": "identity_brainstorming"},
        "identities": [
            {
                "ref": "gardener",
                "name": "Night Gardener",
                "category": "passions_and_talents",
                "notes": ["Roses."],
            }
        ],
        "user_notes": [{"ref": "tea", "note": "Likes tea."}],
    },
    "turns": [
        {
            "user": "I cook, too.",
            **asking("create_identity", name="Cook", category="maker_of_money", note=""),
        },
        asking("accept_identity", identity_id="$gardener"),
        asking("accept_identity", identity_id="$identity:COOK"),
        asking("delete_user_note", user_note_id="$tea"),
        asking("set_current_identity", identity_id="$gardener"),
    ],
}
GOOD = {
    "coach_state": {"current_phase": "identity_brainstorming", "current_identity": None},
    "identities": [{"name": "Night Gardener", "state": "accepted"}, {"name": "Cook", "state": "accepted"}],
    "user_notes": [],
    "actions": [
        {"action_type": "create_identity", "status": "succeeded"},
        {"result_summary": 'Accepted the identity "Night Gardener".'},
        {"status": "succeeded"},
        {"status": "succeeded"},
        {"status": "rejected", "error_kind": "not_allowed"},
    ],
}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Nothing of a replay is there once it is over: no user, no row, no worker."""
    before = rows_of_replays()
    yield
    assert rows_of_replays() == before
    assert not replay_workers()


@pytest.fixture(scope="module", autouse=True)
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    process = RoleProcess("relay", tmp_path_factory.mktemp("relay") / "relay.log")
    yield
    process.stop()


def rows_of_replays() -> list[int]:
    """How many there are of scenarios, of their users, and of these users' actions."""
    return [
        TestScenario.objects.count(),
        User.objects.filter(test_scenario__isnull=False).count(),
        Action.objects.filter(test_scenario__isnull=False).count(),
    ]


def replay_workers() -> list[psutil.Process]:
    mine = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        words = process.info["cmdline"] or []
        environment = process.info["environ"] or {}
        if (
            "worker" in words
            and QueueName.REPLAY.value in words
            and environment.get("DATABASE_URL") == os.environ["DATABASE_URL"]
        ):
            mine.append(process)
    return mine


def good(tmp_path: Path, name: str = "one.json") -> Path:
    return written(tmp_path, scenario(name=f"Good {name}", **RECORDED, expect=GOOD), name)


def results(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{\n") :])
    return found


@pytest.mark.parametrize("how", [("--inline",), ("--copies", "8")], ids=["inline", "by the queue"])
def test_what_is_as_expected_is_said_to_be(tmp_path: Path, coach: Coach, how: tuple[str, ...]) -> None:
    done = coach("replay", good(tmp_path), *how)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 scenarios are as expected" in done.stdout


@pytest.mark.parametrize("how", [("--inline",), ("--copies", "3")], ids=["inline", "by the queue"])
def test_a_difference_is_told_with_the_action_that_made_it(
    tmp_path: Path,
    coach: Coach,
    how: tuple[str, ...],
) -> None:
    wrong = {
        "identities": [{"state": "proposed"}, {"name": "Cook", "category": "spiritual"}],
        "user_notes": [{"note": "Likes tea."}],
    }
    path = written(tmp_path, scenario(**RECORDED, expect=wrong))
    done = coach("replay", path, *how)
    assert done.returncode == 1
    assert fault(done) == "1 of 1 scenarios are not as expected."
    for line in (
        'identities[0].state: expected "proposed", got "accepted", by 2. accept_identity',
        'identities[1].category: expected "spiritual", got "maker_of_money", by 1. create_identity',
        'user_notes[0]: expected {"note": "Likes tea."}, got nothing, by 4. delete_user_note',
    ):
        assert line in done.stdout


def test_a_bad_scenario_is_told_before_anything_runs(tmp_path: Path, coach: Coach) -> None:
    good(tmp_path)
    for name in ("other.json", "third.json"):
        written(tmp_path, scenario(turn=[]), name)
    done = coach("replay", tmp_path)
    assert done.returncode == 2
    other, third = done.stderr.splitlines()
    assert other.startswith(f"coach: {tmp_path}/other.json:4: turn: there is no such key")
    assert third.startswith(f"coach: {tmp_path}/third.json:4: turn: there is no such key")
    assert "as expected" not in done.stdout


def test_a_reference_that_leads_nowhere_by_then_is_a_difference(tmp_path: Path, coach: Coach) -> None:
    turns = [asking("accept_identity", identity_id="$identity:Baker")]
    done = coach("replay", written(tmp_path, scenario(turns=turns)), "--inline")
    assert done.returncode == 1
    assert (
        "turn 1: accept_identity.params.identity_id is '$identity:Baker', and there is no such row"
        in done.stdout
    )


def test_how_long_actions_were_applied_is_told_where_they_went_through_the_queue(
    tmp_path: Path, coach: Coach
) -> None:
    path = good(tmp_path)
    assert results(coach("replay", path, "--inline", "--json", "-"))["applying_seconds"] is None
    queued = results(coach("replay", path, "--copies", "4", "--json", "-"))
    assert 0 < queued["applying_seconds"] < queued["seconds"]


def test_copies_are_played_in_this_process_too(tmp_path: Path, coach: Coach) -> None:
    done = coach("replay", good(tmp_path), "--inline", "--copies", "3", "--json", "-")
    (one,) = results(done)["scenarios"]
    assert (one["copies"], len(one["seconds"])) == (3, 3)


def test_only_what_is_asked_for_is_played(tmp_path: Path, coach: Coach) -> None:
    good(tmp_path, "one.json")
    good(tmp_path, "two.json")
    done = coach("replay", tmp_path, "--inline", "--filter", "TWO", "--json", "-")
    assert [one["name"] for one in results(done)["scenarios"]] == ["Good two.json"]
    nothing = coach("replay", tmp_path, "--inline", "--filter", "three")
    assert nothing.returncode == 2
    assert "holds 'three': 2 were looked at" in fault(nothing)


def test_the_first_difference_ends_it_where_that_is_asked_for(tmp_path: Path, coach: Coach) -> None:
    for name in ("a", "b"):
        written(tmp_path, scenario(name=name, expect={"user_notes": [{"note": "x"}]}), f"{name}.json")
    done = coach("replay", tmp_path, "--inline", "--fail-fast", "--json", "-")
    assert [one["name"] for one in results(done)["scenarios"]] == ["a"]
    assert "Stopped at the first that differs: 1 of 2 copies were played." in done.stderr


def test_a_name_or_value_cannot_give_the_terminal_orders(tmp_path: Path, coach: Coach) -> None:
    noted = {"user_notes": [{"note": "\x9b31m \N{RIGHT-TO-LEFT OVERRIDE}"}]}
    path = written(tmp_path, scenario(name="[red]\x1b[31m  two", expect=noted))
    done = coach("replay", path, "--inline")
    assert done.returncode == 1
    assert done.stdout.isprintable() or {c for c in done.stdout if not c.isprintable()} == {"\n"}
    assert "[red]�[31m  two" in done.stdout
    assert r'expected {"note": "\u009b31m \u202e"}, got nothing' in done.stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--inline", "--keep"), "--inline and --keep do not go together"),
        (("--update", "--against", "out.json"), "--update and --against do not go together"),
        (("--json", "a/../out", "--report", "out"), "--json and --report both name a/../out"),
    ],
    ids=lambda value: "" if isinstance(value, str) else value[0],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, coach: Coach, options: tuple[str, ...], why: str
) -> None:
    done = coach("replay", good(tmp_path), *options)
    assert done.returncode == 2
    assert why in fault(done)


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    copies = 40
    with started(good(tmp_path), "--copies", copies, "--json", tmp_path / "out.json") as process:
        wait_until(lambda: of_replays().ended().count() > 10, "it runs")
        victim = replay_workers()[0]
        victim.kill()
        assert process.wait(60) == 0
    (one,) = json.loads((tmp_path / "out.json").read_text())["scenarios"]
    assert (one["as_expected"], one["copies"], one["disagreements"]) == (True, copies, [])


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_who_ends_it_leaves_nothing_and_is_told_so(asked: signal.Signals, tmp_path: Path) -> None:
    with started(good(tmp_path), "--copies", 500, stderr=subprocess.PIPE) as process:
        wait_until(lambda: of_replays().ended().exists(), "it runs")
        process.send_signal(asked)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.fullmatch(
        rb"coach: Stopped after \d+ of 500 copies, and no result was written: the users that it made are removed\.\n",
        told,
    )


def test_who_ends_it_twice_is_told_what_is_left(tmp_path: Path) -> None:
    with started(good(tmp_path), "--copies", 500, stderr=subprocess.PIPE) as process:
        wait_until(lambda: of_replays().ended().exists(), "it runs")
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)
        _, told = process.communicate(timeout=60)
    assert b"are removed by the next replay" in told
    assert TestScenario.objects.left_over().exists()
    with started(good(tmp_path)) as after:
        assert after.wait(60) == 0


def test_who_ends_it_in_this_process_is_told_how_far_it_was(tmp_path: Path) -> None:
    with started(good(tmp_path), "--copies", 5000, "--inline", stderr=subprocess.PIPE) as process:
        wait_until(lambda: psutil.Process(process.pid).net_connections("all"), "it works with the database")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(
        rb"Stopped after \d+ of 5,000 copies, and no result was written: nothing was stored\.", told
    )


def test_a_replay_stands_back_for_people(tmp_path: Path) -> None:
    with started(good(tmp_path), "--copies", 500) as process:
        wait_until(lambda: of_replays().ended().exists(), "it runs")
        niceness = [psutil.Process(process.pid).nice(), *(worker.nice() for worker in replay_workers())]
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert niceness == [max(NICENESS, os.nice(0))] * 3


def test_the_workers_of_a_replay_that_is_killed_end_too(tmp_path: Path) -> None:
    with started(good(tmp_path), "--copies", 500) as process:
        wait_until(lambda: of_replays().ended().exists(), "it runs")
        process.kill()
    wait_until(lambda: not replay_workers(), "its workers are gone")
    TestScenario.objects.filter(users__email__endswith=f"@{EMAIL_DOMAIN}").delete()  # which it could not


def test_the_same_scenario_twice_at_once_is_two_replays(tmp_path: Path) -> None:
    path = good(tmp_path)
    with started(path, "--copies", 10) as one, started(path, "--copies", 10) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)


def test_people_are_not_among_those_who_are_replayed(tmp_path: Path, user: User) -> None:
    broker = Redis.from_url(settings.REDIS_URL)
    before = broker.llen(QueueName.ACTIONS.value)
    with started(good(tmp_path), "--copies", 10) as process:
        assert process.wait(60) == 0
    assert broker.llen(QueueName.ACTIONS.value) == before


def of_replays() -> ActionQuerySet:
    """Actions of this moment's replays; another test may have left some."""
    return Action.objects.filter(test_scenario__isnull=False, user__email__endswith=f"@{EMAIL_DOMAIN}")


def started(path: Path, *options: object, stderr: int | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "server.cli", "replay", str(path), *map(str, options)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=stderr)


def test_an_earlier_replay_may_be_what_is_expected(tmp_path: Path, coach: Coach) -> None:
    path = good(tmp_path)
    earlier, changed = tmp_path / "earlier.out", tmp_path / "changed.out"
    assert coach("replay", path, "--inline", "--json", earlier).returncode == 0
    assert coach("replay", path, "--inline", "--against", earlier).returncode == 0
    changed.write_text(
        earlier.read_text().replace('"Likes tea."', '"Likes tea!"').replace("Roses.", "Tulips.")
    )
    done = coach("replay", path, "--inline", "--against", changed)
    assert done.returncode == 1
    assert 'identities[0].notes: expected ["Tulips."], got ["Roses."]' in done.stdout
    other = written(tmp_path, scenario(name="Another"), "other.json")
    assert "has no result of 'Another'" in fault(coach("replay", other, "--inline", "--against", earlier))
    changed.write_text(earlier.read_text().replace('"format": 1', '"format": 2'))
    for file in (path, changed):
        assert "is no result of" in fault(coach("replay", path, "--inline", "--against", file))


def test_what_came_out_may_become_what_is_expected(tmp_path: Path, coach: Coach) -> None:
    wrong = {
        "coach_state": {"current_identity": "$identity:Cook"},
        "identities": [{"state": "proposed"}],
        "actions": GOOD["actions"],
    }
    path = written(tmp_path, scenario(**RECORDED, expect=wrong))
    before = path.read_text()
    done = coach("replay", path, "--inline", "--update")
    assert done.returncode == 0, done.stderr
    assert 'identities[0].state: expected "proposed", got "accepted"' in done.stdout
    assert f"wrote {path}" in done.stdout
    written_anew = path.read_text()
    begins_at = before.index('"expect"')
    assert written_anew[:begins_at] == before[:begins_at]
    content = json.loads(written_anew)
    cook = {
        "category": "maker_of_money",
        "i_am_statement": "",
        "name": "Cook",
        "notes": [],
        "state": "accepted",
    }
    cook["visualization"] = ""
    assert content["expect"] == {
        "coach_state": {"current_identity": None},
        "identities": [{"state": "accepted"}, cook],
        "actions": GOOD["actions"],
    }
    assert coach("replay", path, "--inline").returncode == 0


def test_what_is_broken_is_not_made_the_expectation(tmp_path: Path, coach: Coach) -> None:
    turns = [asking("accept_identity", identity_id="$identity:Baker")]
    path = written(tmp_path, scenario(turns=turns, expect={"user_notes": [{"note": "x"}]}))
    before = path.read_text()
    assert coach("replay", path, "--inline", "--update").returncode == 1
    assert path.read_text() == before
