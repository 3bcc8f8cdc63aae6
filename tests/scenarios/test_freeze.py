"""`coach freeze`: a live user's conversation as a scenario file."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.identities.models import Identity
from server.apps.test_scenarios.models import TestScenario
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.models.left_out import LeftOut
from server.services.action_handler.outcomes import Rejected
from server.services.action_queue.accept import Accepted, Provenance, accept_response, accept_user_message
from server.services.action_queue.operate import cancel, retry
from server.services.action_queue.reset import reset_chat
from server.services.scenario_replay.inline import drained
from tests.cli.conftest import Coach, fault
from tests.conftest import MakeUser
from tests.processes import RoleProcess

BRAINSTORMING = CoachingPhase.IDENTITY_BRAINSTORMING


def answer(user: User, message: str = "Well.", *, run: bool = True, **asked: dict[str, Any]) -> Accepted:
    """The coach answers, asked in the phase in which most can be tried."""
    response = {"message": message, **{name: {"params": params} for name, params in asked.items()}}
    accepted = accept_response(
        user, CoachChatResponse.model_validate(response), Provenance(phase=BRAINSTORMING)
    )
    if run:
        list(drained(user))
    return accepted


def create(user: User, name: str, note: str = "") -> Identity:
    answer(user, create_identity={"name": name, "category": "maker_of_money", "note": note})
    return Identity.objects.get(user=user, name=name)


def rename(user: User, identity: Identity, name: str) -> None:
    answer(user, update_identity_name={"identity_id": str(identity.id), "name": name})


def note_of(user: User, text: str) -> UserNote:
    answer(user, add_user_note={"note": text})
    return UserNote.objects.get(user=user, note=text)


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def ada(make_user: MakeUser) -> User:
    return make_user(first_name="Ada", last_name="Byron")


@pytest.fixture
def frozen(tmp_path: Path, coach_here: Coach) -> Any:
    """Freezes a user, holds that the file is as expected by today's code, and answers it with what was said."""

    def freeze(user: User, *options: str, holds: bool = True) -> tuple[dict[str, Any], str]:
        path = tmp_path / f"{uuid4()}.json"
        done = coach_here("freeze", "--email", user.email, "-o", path, *options)
        assert done.returncode == 0, done.stderr
        replayed = coach_here("replay", path, "--inline")
        assert (replayed.returncode == 0) == holds, replayed.stdout
        return content(path), done.stderr

    return freeze


def ids_in(scenario: dict[str, Any], param: str) -> list[str]:
    params = [
        asked["params"]
        for turn in scenario["turns"]
        for asked in turn["response"].values()
        if asked != turn["response"]["message"]
    ]
    return [one[param] for one in params if param in one]


def test_an_identity_is_called_by_the_name_that_it_has_then(ada: User, frozen: Any) -> None:
    cook, baker = create(ada, "Cook"), create(ada, "Baker")
    rename(ada, cook, "Chef")
    rename(ada, baker, "Cook")
    rename(ada, cook, "Baker")
    answer(ada, archive_identity={"identity_id": str(cook.id)})
    answer(ada, accept_identity={"identity_id": str(cook.id)})
    scenario, said = frozen(ada, "--real-names")
    assert ids_in(scenario, "identity_id") == [
        "$identity:Cook", "$identity:Baker", "$identity:Chef", "$identity:Baker", "$identity:Baker",
    ]  # fmt: skip
    assert [row["name"] for row in scenario["expect"]["identities"]] == ["Baker", "Cook"]
    assert said == "7 turns with 7 actions.\n"


def test_a_note_is_called_by_its_words_then(ada: User, frozen: Any) -> None:
    tea, milk = note_of(ada, "Likes tea."), note_of(ada, "Likes milk.")
    answer(ada, update_user_note={"user_note_id": str(milk.id), "note": "Likes tea."})
    answer(ada, update_user_note={"user_note_id": str(milk.id), "note": "Likes water."})
    answer(ada, delete_user_note={"user_note_id": str(tea.id)})
    answer(ada, delete_user_note={"user_note_id": str(tea.id)})
    scenario, _ = frozen(ada, "--real-names")
    assert ids_in(scenario, "user_note_id") == [
        "$note:Likes milk.", "$note#2:Likes tea.", "$note:Likes tea.", "00000000-0000-4000-8000-000000000001",
    ]  # fmt: skip
    assert scenario["expect"]["user_notes"] == [{"note": "Likes water."}]


def test_an_id_that_led_nowhere_leads_nowhere(ada: User, user: User, frozen: Any) -> None:
    foreign = str(create(user, "Foreign").id)
    for wanted in (foreign, "Cook", foreign.upper(), "$gardener"):
        answer(ada, accept_identity={"identity_id": wanted})
    scenario, _ = frozen(ada, "--real-names")
    made_up = "00000000-0000-4000-8000-000000000001"
    assert ids_in(scenario, "identity_id") == [made_up, "Cook", made_up, "_gardener"]
    assert foreign not in json.dumps(scenario)


def test_what_people_wrote_is_in_other_words(ada: User, frozen: Any) -> None:
    accept_user_message(ada, "I am Ada. Ada Byron, ada@example.org; I garden at night.")
    gardener = create(ada, "Night Gardener", note="Ada's roses, since 1987.")
    answer(ada, "Ada?", create_identity={"name": "night GARDENER", "category": "spiritual", "note": ""})
    rename(ada, gardener, "Gardener")
    note_of(ada, "Works at the Analytical Engine.")
    note_of(ada, "x" * 79 + " " + "y" * 79)
    answer(ada, add_user_note={"note": "long " * 1_000}, update_who_you_are={"who_you_are": ["Gardener"]})
    scenario, _ = frozen(ada)
    words = set(re.findall(r"\w+", json.dumps(scenario).lower()))
    assert not words & {
        "ada",
        "byron",
        "garden",
        "gardener",
        "night",
        "roses",
        "since",
        "1987",
        "engine",
        "long",
    }
    first = scenario["start"]["user"]["first_name"]
    assert scenario["turns"][0]["user"].count(first) == 2
    assert f" {first.lower()}@" in scenario["turns"][0]["user"]
    name, same = (turn["response"]["create_identity"]["params"]["name"] for turn in scenario["turns"][:2])
    assert name.lower() == same.lower()
    assert same.split()[1].isupper()
    statuses = [row["status"] for row in scenario["expect"]["actions"]]
    assert statuses == ["succeeded", "skipped", "succeeded", "succeeded", "succeeded", "rejected", "rejected"]
    assert f'Renamed the identity "{name}"' in scenario["expect"]["actions"][2]["result_summary"]


def test_twice_it_is_the_same_and_another_installation_has_other_words(
    ada: User, tmp_path: Path, coach: Coach
) -> None:
    create(ada, "Night Gardener")
    files = [tmp_path / f"{number}.json" for number in range(3)]
    for file in files[:2]:
        assert coach("freeze", "--email", ada.email, "-o", file).returncode == 0
    assert coach("freeze", "--email", ada.email, "-o", files[2], COACH_SECRET_KEY="x" * 50).returncode == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes() != files[2].read_bytes()


def test_a_chat_that_was_reset_begins_there(ada: User, frozen: Any) -> None:
    create(ada, "Cook")
    reset_chat(ada)
    create(ada, "Baker")
    scenario, said = frozen(ada, "--real-names")
    assert said == "1 turn with 1 action.\n"
    assert "Cook" not in json.dumps(scenario)


def test_what_stood_before_the_first_message_is_the_start(ada: User, frozen: Any) -> None:
    cook = Identity.objects.create(
        user=ada, name="Cook", category="maker_of_money", state="accepted", notes=["Soup."]
    )
    tea = UserNote.objects.create(user=ada, note="Likes tea.")
    milk = UserNote.objects.create(user=ada, note="Likes milk.")
    rename(ada, cook, "Chef")
    answer(ada, add_identity_note={"identity_id": str(cook.id), "note": "Bread."})
    answer(ada, update_user_note={"user_note_id": str(tea.id), "note": "Likes coffee."})
    answer(
        ada, delete_user_note={"user_note_id": str(milk.id)}, archive_identity={"identity_id": str(cook.id)}
    )
    scenario, said = frozen(ada, "--real-names")
    assert said == "4 turns with 5 actions.\n"
    (identity,) = scenario["start"]["identities"]
    assert (identity["ref"], identity["name"], identity["notes"]) == ("identity_1", "Cook", ["Soup."])
    assert [row["note"] for row in scenario["start"]["user_notes"]] == ["Likes tea", "Likes milk"]
    assert ids_in(scenario, "user_note_id") == ["$note_1", "$note_2"]


def test_what_was_said_without_an_answer_is_there(ada: User, frozen: Any) -> None:
    ChatMessage.objects.create(user=ada, role=MessageRole.COACH, content="Welcome.")
    accept_user_message(ada, "Hello?")
    accept_user_message(ada, "Anybody?")
    answer(ada, "Yes.")
    ChatMessage.objects.create(user=ada, role=MessageRole.COACH, content="Still there.")
    accept_user_message(ada, "Good.")
    scenario, _ = frozen(ada, "--real-names")
    assert scenario["start"]["messages"] == [{"role": "coach", "content": "Welcome."}]
    assert scenario["turns"] == [
        {"user": "Hello?"},
        {"user": "Anybody?", "response": {"message": "Yes."}},
        {"response": {"message": "Still there."}},
        {"user": "Good."},
    ]


def test_what_was_left_out_or_cancelled_is_said_and_not_expected(ada: User, frozen: Any) -> None:
    why = Rejected("No such action.")
    accept_response(
        ada,
        CoachChatResponse.model_validate({"message": "Let us dance."}),
        left_out=[LeftOut(action_type="dance", parameters={}, rejected=why)],
    )
    (waits,) = answer(ada, run=False, add_user_note={"note": "Likes tea."}).actions
    cancel(Action.objects.get(id=waits.id), operator="somebody")
    scenario, said = frozen(ada)
    assert "actions" not in scenario["expect"] or scenario["expect"]["actions"] == []
    assert said.splitlines() == [
        "2 turns with 0 actions.",
        "1 action was cancelled: it is as if the coach had not asked for that.",
        "1 action was left out when the response was accepted: not in the scenario.",
    ]


def test_what_an_operator_made_of_it_is_told_where_it_shows(ada: User, frozen: Any) -> None:
    cook = create(ada, "Cook")
    (too_early,) = answer(ada, update_identity_name={"identity_id": str(cook.id), "name": "Chef"}).actions
    answer(ada, update_identity_name={"identity_id": str(cook.id), "name": "Baker"})
    retry(Action.objects.get(id=too_early.id), operator="somebody")
    list(drained(ada))
    _, said = frozen(ada, "--real-names", holds=False)
    assert "1 action was retried by an operator" in said
    assert 'identities[0].name: expected "Chef", got "Baker"' in said


def test_what_no_action_did_is_told_without_giving_the_terminal_orders(ada: User, frozen: Any) -> None:
    cook, tea = create(ada, "Cook"), note_of(ada, "Likes tea.")
    Identity.objects.filter(id=cook.id).update(visualization="\x9b31m")
    tea.delete()
    _, said = frozen(ada, "--real-names", holds=False)
    assert r'identities[0].visualization: expected "\u009b31m", got ""' in said
    assert 'user_notes[0]: expected nothing, got {"note": "Likes tea."}' in said


def test_what_cannot_be_frozen_is_refused_in_one_line(
    ada: User, make_user: MakeUser, coach_here: Coach
) -> None:
    def refused(user: User) -> str:
        done = coach_here("freeze", "--email", user.email)
        assert (done.returncode, done.stdout) == (2, "")
        return fault(done)

    assert "has no messages: there is nothing to take" in refused(ada)
    answer(ada, run=False, add_user_note={"note": "a"}, transition_phase={"to_phase": "introduction"})
    assert refused(ada).startswith("2 actions have not ended: wait for them, or cancel them")
    scenario = TestScenario.objects.create(name="One")
    assert "is the user of a test scenario" in refused(make_user(test_scenario=scenario))
    scenario.delete()
    other = make_user()
    ChatMessage.objects.create(
        user=other, role=MessageRole.COACH, content="…", response={"message": "…", "dance": {}}
    )
    assert "dance: there is no such key" in refused(other)
    assert "No user has the email" in fault(coach_here("freeze", "--email", "nobody@example.org"))


def test_a_file_that_is_there_is_left_as_it_is(ada: User, tmp_path: Path, coach_here: Coach) -> None:
    create(ada, "Cook")
    path = tmp_path / "there.json"
    path.write_text("mine")
    done = coach_here("freeze", "--email", ada.email, "-o", path)
    assert done.returncode == 2
    assert "is there already" in fault(done)
    assert path.read_text() == "mine"


@pytest.mark.timeout(120)
def test_by_the_queue_it_comes_to_the_same(ada: User, tmp_path: Path, coach: Coach) -> None:
    cook = create(ada, "Cook")
    tea = note_of(ada, "Likes tea.")
    rename(ada, cook, "Chef")
    answer(
        ada,
        transition_phase={"to_phase": "identity_refinement"},
        delete_user_note={"user_note_id": str(tea.id)},
    )
    path = tmp_path / "frozen.json"
    assert coach("freeze", "--email", ada.email, "-o", path).returncode == 0
    relay = RoleProcess("relay", tmp_path / "relay.log")
    try:
        done = coach("replay", path, "--copies", 5)
    finally:
        relay.stop()
    assert done.returncode == 0, done.stdout
    assert ActionStatus.SUCCEEDED.value in path.read_text()
