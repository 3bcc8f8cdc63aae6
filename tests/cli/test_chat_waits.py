"""`coach chat` says why actions wait, and does not look on for long. No role runs beside these tests."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from server.apps.actions.models import RELAY_SILENCE_S, Action, Heartbeat
from server.apps.actions.queries import database_now
from server.apps.users.models import User
from server.cli.chat import outcomes
from server.cli.chat.outcomes import show_outcomes
from server.cli.chat.screen import Screen
from server.cli.chat.surroundings import TAKEN_UP_S, WORTH_WAITING_S, Wait, Why, long_wait
from tests.cli.conftest import Coach
from tests.queue.conftest import note

LONG_AGO_S = -10 * TAKEN_UP_S
SOON_S = WORTH_WAITING_S / 5
LATE_S = 20 * WORTH_WAITING_S


@pytest.fixture(autouse=True)
def _beats_are_kept() -> Iterator[None]:
    """What earlier relays of the run have left behind is there again afterwards."""
    before = list(Heartbeat.objects.filter(role="relay"))
    yield
    Heartbeat.objects.filter(role="relay").delete()
    Heartbeat.objects.bulk_create(before)


def relay(*, runs: bool) -> None:
    """A relay that said just now, or long ago, that it runs."""
    silent_for = timedelta(seconds=0 if runs else 10 * RELAY_SILENCE_S)
    Heartbeat.objects.update_or_create(role="relay", defaults={"beat_at": database_now() - silent_for})


def head(user: User, status: str, due_in_s: float) -> Action:
    """The first action of a lane of two, which stands like this."""
    action, _ = note(user), note(user)
    due_at = Now() + timedelta(seconds=due_in_s)
    Action.objects.filter(id=action.id).update(status=status, due_at=due_at, queued_at=due_at)
    action.refresh_from_db()
    return action


@pytest.mark.parametrize(
    ("status", "due_in_s", "relay_runs", "why"),
    [
        ("queued", 0, True, None),
        ("queued", LONG_AGO_S, True, Why.NO_WORKER),
        ("queued", LONG_AGO_S, False, Why.NO_RELAY),
        ("running", LONG_AGO_S, True, None),
        ("retrying", SOON_S, True, None),
        ("retrying", SOON_S, False, Why.NO_RELAY),
        ("retrying", LATE_S, True, Why.RETRIES),
        ("retrying", LATE_S, False, Why.NO_RELAY),
        ("retrying", LONG_AGO_S, True, Why.NO_WORKER),
        ("parked", 0, True, Why.PARKED),
    ],
)
def test_why_a_lane_waits(
    user: User, status: str, due_in_s: float, why: Why | None, *, relay_runs: bool
) -> None:
    relay(runs=relay_runs)
    action = head(user, status, due_in_s)
    until = action.due_at if why is Why.RETRIES else None
    assert long_wait(user) == (Wait(why=why, until=until) if why else None)


def test_a_lane_where_nothing_is_open_waits_for_nothing(user: User) -> None:
    assert long_wait(user) is None


def test_an_action_that_is_tried_again_later_is_not_waited_for(
    user: User, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "LONGEST_S", float("inf"))  # the test would never end
    relay(runs=True)
    action = head(user, "retrying", LATE_S)
    show_outcomes(user, [action.id], Screen())
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0] == "retrying"
    assert lines[1] == (
        "An action did not work just now, and is tried again at "
        f"{action.due_at.astimezone():%H:%M:%S}; those after it wait with it."
    )


def test_without_the_relay_it_says_so(coach_here: Coach, user: User) -> None:
    relay(runs=False)
    done = coach_here("chat", "--email", user.email)
    assert "(No relay runs: " in done.stdout
    relay(runs=True)
    done = coach_here("chat", "--email", user.email)
    assert "(No relay runs: " not in done.stdout
