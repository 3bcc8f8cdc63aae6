"""R1, R3, R5, R6, R7: whatever a handler does to its process, its action ends and its neighbours do not notice."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from server.apps.actions.models import Action
from server.apps.actions.queries import database_now
from server.apps.events.models import Event
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.params import AddUserNoteParams, SelectIdentityFocusParams
from server.services.crash_points import CrashPoint
from server.testing.expect import assert_actions, described, told
from server.testing.faults import Fault
from server.testing.perform import accept
from tests.conftest import MakeUser
from tests.faults.bounds import assert_given_up_in_time, assert_started_in_time
from tests.faults.crew import Crew, Triggers
from tests.processes import wait_until
from tests.queue.conftest import Hold, ended, is_running, note, notes_of, roles, wait_for_lane

pytestmark = pytest.mark.timeout(300)  # many processes are started, on a busy machine slowly

TIME_LIMIT_S = 2.0
DEEDS = "tests.faults.deeds:"
BY_THE_LIMIT = {"time_limit", "worker_lost"}
"""The worker ends the attempt; or the relay finds that the session of the attempt is gone, and is quicker."""

LEFT_ALIVE = {
    "run_out_of_memory": {"exception"},
    "run_for_ever_and_swallow_errors": BY_THE_LIMIT,
    "hang_in_a_query": BY_THE_LIMIT,
    "leave": BY_THE_LIMIT,
}
"""What a handler may do that its worker lives through, and how its attempt ends."""

DEADLY = {
    "exit": {"worker_lost"},
    "be_killed_for_memory": {"worker_lost"},
    "run_for_ever_and_swallow_everything": BY_THE_LIMIT,
    "hang_in_a_loop_of_c": BY_THE_LIMIT,
    "hang_in_a_call_of_c": BY_THE_LIMIT,
}
"""What ends the worker, by itself or by the worker's own watchdog, and how its attempt ends."""

ENDS = LEFT_ALIVE | DEADLY
POISON = Fault(point=CrashPoint.IN_HANDLER, action_type="select_identity_focus", on=None)


@pytest.fixture(scope="module")
def triggers(tmp_path_factory: pytest.TempPathFactory) -> Triggers:
    return Triggers(tmp_path_factory.mktemp("triggers"))


@pytest.fixture(scope="module")
def _crew(triggers: Triggers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    faults = [in_handler(deed, triggers) for deed in (*LEFT_ALIVE, *DEADLY)]
    with roles(tmp_path_factory.mktemp("crew")) as start:
        yield Crew(
            start,
            ["relay", "worker", "worker"],
            [POISON, *faults],
            COACH_ACTION_TIME_LIMIT_S=str(TIME_LIMIT_S),
        )


@pytest.fixture
def crew(_crew: Crew, triggers: Triggers) -> Crew:
    """A relay and two workers, all alive when a test begins."""
    triggers.forget()
    _crew.assemble()
    return _crew


@pytest.mark.parametrize("deed", LEFT_ALIVE)
def test_a_handler_that_does_not_come_back_is_ended_and_retried_and_its_worker_lives(
    user: User, make_user: MakeUser, crew: Crew, triggers: Triggers, busy: Hold, deed: str
) -> None:
    let_it_happen(deed, user, make_user(), triggers)
    assert_both_work([make_user(), make_user()], busy)
    assert crew.tend() == 0


@pytest.mark.parametrize("deed", DEADLY)
def test_a_handler_that_takes_its_worker_down_is_retried(
    user: User, make_user: MakeUser, crew: Crew, triggers: Triggers, deed: str
) -> None:
    let_it_happen(deed, user, make_user(), triggers)
    wait_until(lambda: crew.tend() == 1, "the worker ends")


def assert_both_work(users: list[User], busy: Hold) -> None:
    """Each of two workers is at work at the same time: none of them ended once its attempt was over."""
    with ExitStack() as held:
        for user in users:
            held.enter_context(busy(user))
            note(user)
        wait_until(lambda: all(map(is_running, users)), "both workers are at work at once")
    for user in users:
        wait_for_lane(user)


def let_it_happen(deed: str, user: User, neighbour: User, triggers: Triggers) -> None:
    """It happens to the user's first action, which is given up in time.

    Its second attempt, the next action and a neighbour's start in time too.
    """
    triggers.pull(deed)
    note(user, "one")
    note(user, "two")
    wait_until(lambda: triggers.is_spent(deed), "a handler begins")
    lost_at = database_now() + timedelta(seconds=TIME_LIMIT_S if "time_limit" in ENDS[deed] else 0)
    note(neighbour)
    for one, attempts in ((neighbour, [1]), (user, [2, 1])):
        assert [action.attempt for action in wait_for_lane(one)] == attempts, described(one)
        assert_actions(one, [("add_user_note", "succeeded")] * len(attempts))
        assert_started_in_time(one)
    assert first_error(user) in ENDS[deed], described(user)
    assert_given_up_in_time(user, since=lost_at)
    assert notes_of(user) == ["one", "two"]


def test_every_process_killed_at_once_in_the_middle_of_the_work_loses_and_doubles_nothing(
    make_user: MakeUser, crew: Crew, busy: Hold
) -> None:
    texts = ["one", "two", "three"]
    users = [make_user() for _ in range(10)]
    with busy(users[0]):
        for user in users:
            for text in texts:
                note(user, text)
        wait_until(lambda: is_running(users[0]), "an action is in the middle of its attempt")
        crew.kill()
    crew.tend()
    all_up = database_now()
    for user in users:
        wait_for_lane(user)
        assert_actions(user, [("add_user_note", "succeeded")] * 3)
        assert_started_in_time(user, since=all_up)
        assert notes_of(user) == texts
    assert_given_up_in_time(users[0], since=all_up)


def test_an_action_that_kills_its_process_each_time_ends_dead_and_harms_nobody(
    user: User, make_user: MakeUser, crew: Crew
) -> None:
    neighbours: list[User] = []

    def the_poisoned_lane_has_ended() -> bool:
        while crew.tend() > len(neighbours):
            neighbours.append(make_user())
            note(neighbours[-1])
        return ended(user)

    accept(
        user,
        {
            "select_identity_focus": SelectIdentityFocusParams(category=IdentityCategory.SPIRITUAL),
            "add_user_note": AddUserNoteParams(note="after"),
        },
        phase=CoachingPhase.IDENTITY_BRAINSTORMING,
    )
    note(user, "later")
    wait_until(the_poisoned_lane_has_ended, "the poisoned lane ends", timeout_s=90)
    assert_actions(
        user,
        [("select_identity_focus", "dead"), ("add_user_note", "succeeded"), ("add_user_note", "succeeded")],
    )
    poison = Action.objects.get(user=user, action_type="select_identity_focus")
    assert (poison.attempt, poison.error_kind) == (poison.max_attempts, "worker_lost"), described(user)
    assert told(user) == ["retrying"] * 4 + ["dead", "succeeded", "succeeded"]
    assert notes_of(user) == ["after", "later"]
    assert crew.deaths == poison.max_attempts
    assert_given_up_in_time(user)
    assert_started_in_time(user)
    for neighbour in neighbours:
        wait_for_lane(neighbour)
        assert_actions(neighbour, [("add_user_note", "succeeded")])
        assert_started_in_time(neighbour)


def in_handler(deed: str, triggers: Triggers) -> Fault:
    do = deed if deed == "exit" else DEEDS + deed
    return Fault(point=CrashPoint.IN_HANDLER, do=do, on=None, trigger=triggers.of(deed))


def first_error(user: User) -> str:
    """Why the user's first attempt did not succeed, as their clients were told."""
    event = Event.objects.filter(user=user, data__status="retrying").earliest("cursor")
    assert event.data is not None
    kind: str = event.data["error_kind"]
    return kind
