"""Replays that staff ask for: begun, followed, stopped and looked at over HTTP, played by the command's own code."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from django.db import connection
from django.db.models.functions import Now

from server.apps.test_scenarios.models import SILENCE, ReplayRun, TestScenario
from server.apps.users.models import User
from server.enums.replay_status import ReplayStatus
from server.services.scenario_replay.run_row import RunRow, Stopped
from tests.api.web import WebProcess
from tests.cli.conftest import Coach
from tests.conftest import MakeUser
from tests.processes import RoleProcess, wait_until
from tests.scenarios.test_loading import asking, scenario, written
from tests.scenarios.test_replay import replay_workers

PATH = "admin/replays"
END_NEWER_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> ALL (%s) AND pid <> pg_backend_pid()
"""
NOTES_ENDS = """
import django
django.setup()

from threading import Thread
from uuid import uuid4
from django.db import connection
from server.api.replays import _note_end

noted = [Thread(target=_note_end, args=(uuid4(), 1)) for _ in range(5)]
for thread in noted:
    thread.start()
    thread.join()
connection.ensure_connection()
"""
LONG = 1_000
"""Copies, for a replay that does not end by itself while a test looks at it."""

Json = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    process = RoleProcess("relay", tmp_path_factory.mktemp("relay") / "relay.log")
    yield
    process.stop()


@pytest.fixture(autouse=True)
def _no_replay_is_left() -> Iterator[None]:
    """The next test's would be refused, and nothing of this one's may stay."""
    yield
    ReplayRun.objects.open().update(stop_wanted=True)
    wait_until(lambda: not ReplayRun.objects.open().exists(), "every replay has ended", timeout_s=60)
    wait_until(lambda: not replay_workers(), "its workers are gone", timeout_s=60)
    assert not TestScenario.objects.left_over().exists()


@pytest.fixture
def kept(staff_client: httpx.Client) -> Callable[..., str]:
    """Keeps a scenario in the library; answers its id."""

    def keep(**fields: Any) -> str:
        turns = [asking("add_user_note", note=f"Note {number}.") for number in range(3)]
        content = scenario(**{"name": f"Notes {uuid4().hex[:8]}", "turns": turns, **fields})
        answer = staff_client.post("admin/scenarios", json=content)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return keep


def begun(client: httpx.Client, *ids: str, copies: int = 1) -> Json:
    answer = client.post(PATH, json={"scenario_ids": ids, "copies": copies})
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def shown(client: httpx.Client, replay: Json) -> Json:
    found: Json = client.get(f"{PATH}/{replay['id']}").json()
    return found


def ended(client: httpx.Client, replay: Json) -> Json:
    wait_until(lambda: shown(client, replay)["ended_at"] is not None, "the replay has ended", timeout_s=90)
    return shown(client, replay)


def runs(client: httpx.Client, replay: Json) -> None:
    wait_until(lambda: shown(client, replay)["done"] > 0, "some copies have ended", timeout_s=60)


def process_of(replay: Json) -> psutil.Process:
    return next(
        process
        for process in psutil.process_iter(["cmdline"])
        if {"run-replay", replay["id"]} <= set(process.info["cmdline"] or [])
    )


def test_a_replay_is_played_and_told(staff_client: httpx.Client, kept: Callable[..., str]) -> None:
    turns = [asking("add_user_note", note=f"Note {number}.") for number in range(30)]  # the last to end
    good = kept(turns=turns, expect={"user_notes": [{"note": f"Note {number}."} for number in range(30)]})
    bad = kept(expect={"user_notes": [{"note": "Note 0."}, {"note": "Another."}, {"note": "Note 2."}]})

    replay = begun(staff_client, good, bad, copies=3)

    assert replay["status"] in {"starting", "running"}
    assert (replay["copies"], replay["total"], replay["ended_at"]) == (3, 6, None)
    assert "@" in replay["started_by"]
    after = ended(staff_client, replay)
    assert (after["status"], after["done"], after["differing"], after["actions"]) == ("differs", 6, 1, 99)
    assert after["seconds"] > 0
    as_expected, differs = after["results"]
    assert (as_expected["name"], as_expected["as_expected"], as_expected["copies"]) == (
        after["names"][0],
        True,
        3,
    )
    assert differs["differences"] == [
        {"place": "user_notes[1].note", "expected": "Another.", "got": "Note 1.", "by": "2. add_user_note"}
    ]
    listed = staff_client.get(PATH).json()["items"]
    assert listed[0] == {key: value for key, value in after.items() if key != "results"}
    assert not User.objects.filter(test_scenario__run_id=replay["id"]).exists()


def test_its_report_runs_as_nobody(staff_client: httpx.Client, kept: Callable[..., str]) -> None:
    replay = ended(staff_client, begun(staff_client, kept()))
    assert (replay["status"], replay["has_report"]) == ("as_expected", True)

    report = staff_client.get(f"{PATH}/{replay['id']}/report")

    assert report.status_code == 200
    assert report.headers["content-type"] == "text/html; charset=utf-8"
    policy = report.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'")
    assert "allow-same-origin" not in policy
    assert "The scenario is as expected" in report.text


def test_it_is_stopped_and_leaves_nothing(staff_client: httpx.Client, kept: Callable[..., str]) -> None:
    replay = begun(staff_client, kept(), copies=LONG)
    runs(staff_client, replay)
    assert not shown(staff_client, replay)["has_report"]
    assert staff_client.get(f"{PATH}/{replay['id']}/report").status_code == 404

    answer = staff_client.post(f"{PATH}/{replay['id']}/stop")

    assert answer.json()["is_stopping"]
    after = ended(staff_client, replay)
    assert (after["status"], after["is_stopping"], after["results"]) == ("stopped", False, None)
    assert 0 < after["done"] < LONG
    assert not User.objects.filter(test_scenario__run_id=replay["id"]).exists()
    assert staff_client.post(f"{PATH}/{replay['id']}/stop").status_code == 409


def test_of_those_that_are_asked_for_one_is_under_way_at_a_time(
    staff_client: httpx.Client, kept: Callable[..., str]
) -> None:
    order = {"scenario_ids": [kept()], "copies": LONG}
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: staff_client.post(PATH, json=order), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = {answer.json()["detail"] for answer in answers if answer.status_code == 409}
    assert refused == {"A replay is under way: wait for its end, or stop it."}


def test_the_end_of_one_takes_no_connection_for_good() -> None:
    """It is noted in a thread of its own: a pool never gets back what that does not return."""
    noted = subprocess.run(
        [sys.executable, "-c", NOTES_ENDS],
        env={**os.environ, "COACH_DATABASE_POOL": "2"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert noted.returncode == 0, noted.stderr


def test_one_that_is_silent_for_long_while_it_is_busy_is_not_given_up() -> None:
    run = ReplayRun.objects.create()
    with RunRow(run) as row:
        ReplayRun.objects.filter(id=run.id).update(beat_at=Now() - SILENCE)
        silent = ReplayRun.objects.filter(id=run.id, beat_at__lt=Now() - SILENCE)
        wait_until(lambda: not silent.exists(), "it beats")
        assert ReplayRun.objects.end_silent() == 0
        row.end(ReplayStatus.AS_EXPECTED)


def test_one_that_was_given_up_comes_to_nothing_more() -> None:
    run = ReplayRun.objects.create()
    with RunRow(run) as row:
        ReplayRun.objects.filter(id=run.id).end(ReplayStatus.FAILED, reason="It was silent.")
        with pytest.raises(Stopped, match="It was silent"):
            row.end(ReplayStatus.AS_EXPECTED, report="A report.")
        with pytest.raises(Stopped, match="It was silent"):
            wait_until(lambda: row.go_on(done=1, differing=0), "it hears of it")
    run.refresh_from_db()
    assert (run.state, run.reason, run.report) == ("failed", "It was silent.", "")


def test_one_whose_connection_breaks_says_so(staff_client: httpx.Client, kept: Callable[..., str]) -> None:
    scenario_id = kept()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        not_its_own = [pid for (pid,) in cursor.fetchall()]
    replay = begun(staff_client, scenario_id, copies=LONG)
    runs(staff_client, replay)
    with connection.cursor() as cursor:
        cursor.execute(END_NEWER_SESSIONS, [not_its_own])
    run = ReplayRun.objects.filter(id=replay["id"])
    wait_until(lambda: not run.open().exists(), "it has ended", timeout_s=60)
    assert run.get().state == "failed"
    assert run.get().reason.startswith("An error ended it: OperationalError: ")


def test_one_whose_process_is_killed_fails_and_what_it_left_is_removed_by_the_next(
    staff_client: httpx.Client, kept: Callable[..., str]
) -> None:
    scenario_id = kept()
    replay = begun(staff_client, scenario_id, copies=LONG)
    runs(staff_client, replay)
    process_of(replay).kill()
    after = ended(staff_client, replay)
    assert (after["status"], after["reason"]) == (
        "failed",
        f"Its process ended before it could say why, with exit code {-signal.SIGKILL}: look into replay.log.",
    )
    assert User.objects.filter(test_scenario__run_id=replay["id"]).exists()

    ended(staff_client, begun(staff_client, scenario_id))

    assert not User.objects.filter(test_scenario__run_id=replay["id"]).exists()


def test_one_from_which_nothing_is_heard_has_failed(staff_client: httpx.Client) -> None:
    run = ReplayRun.objects.create(state=ReplayStatus.RUNNING, started_by="a@example.org")
    ReplayRun.objects.filter(id=run.id).update(beat_at=Now() - SILENCE)
    after = staff_client.get(f"{PATH}/{run.id}").json()
    assert (after["status"], after["reason"]) == ("failed", "Its process was gone before it had ended.")


def test_it_ends_with_the_web_process(
    tmp_path_factory: pytest.TempPathFactory, make_user: MakeUser, kept: Callable[..., str]
) -> None:
    scenario_id = kept()
    staff = make_user(is_staff=True)
    with WebProcess(tmp_path_factory.mktemp("web") / "web.log") as web, web.client_of(staff) as client:
        replay = begun(client, scenario_id, copies=LONG)
        runs(client, replay)
        process = process_of(replay)
    assert not process.is_running()
    run = ReplayRun.objects.get(id=replay["id"])
    assert (run.state, run.reason) == ("stopped", "Its process was asked to end."), run.reason
    assert not User.objects.filter(test_scenario__run=run).exists()


def test_what_is_not_there_is_not_played(staff_client: httpx.Client, kept: Callable[..., str]) -> None:
    gone = str(uuid4())
    answer = staff_client.post(PATH, json={"scenario_ids": [kept(), gone]})
    assert answer.status_code == 422
    assert f"there is no scenario {gone}" in answer.json()["detail"]
    orders: list[Json] = [
        {"scenario_ids": []},
        {"scenario_ids": [gone], "copies": 1_001},
        {"scenario_ids": ["x"]},
    ]
    for order in orders:
        assert staff_client.post(PATH, json=order).status_code == 422


def test_one_that_this_version_cannot_use_fails_with_the_reason(
    staff_client: httpx.Client, kept: Callable[..., str]
) -> None:
    scenario_id = kept()
    row = TestScenario.objects.get(id=scenario_id)
    row.content["turns"][0]["response"] = {"message": "Hm.", "fly": {"params": {}}}
    row.save()
    after = ended(staff_client, begun(staff_client, scenario_id))
    assert after["status"] == "failed"
    assert after["reason"].startswith(f"This version cannot use the scenario {row.name!r}: ")
    assert "turns.0.response.fly" in after["reason"]


def test_a_replay_of_the_command_is_listed_too(
    staff_client: httpx.Client,
    coach: Coach,
    kept: Callable[..., str],
    tmp_path: Path,
) -> None:
    name = f"By hand {uuid4().hex[:8]}"
    done = coach("replay", written(tmp_path, scenario(name=name)))
    assert done.returncode == 0, done.stderr
    newest = staff_client.get(PATH, params={"limit": 1}).json()["items"][0]
    assert (newest["names"], newest["started_by"], newest["status"]) == ([name], "", "as_expected")
    assert staff_client.get(f"{PATH}/{newest['id']}/report").status_code == 200


def test_nobody_but_staff_sees_it(client: httpx.Client, anyone: httpx.Client) -> None:
    for who, status in ((client, 403), (anyone, 401)):
        assert who.get(PATH).status_code == status
        assert who.post(PATH, json={"scenario_ids": [str(uuid4())]}).status_code == status
        for path in ("", "/report"):
            assert who.get(f"{PATH}/{uuid4()}{path}").status_code == status
        assert who.post(f"{PATH}/{uuid4()}/stop").status_code == status


def test_one_that_is_not_there(staff_client: httpx.Client) -> None:
    for path in ("", "/report"):
        assert staff_client.get(f"{PATH}/{uuid4()}{path}").status_code == 404
    assert staff_client.post(f"{PATH}/{uuid4()}/stop").status_code == 404
