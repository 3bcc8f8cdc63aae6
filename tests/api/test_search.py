"""Finding one's actions by what they say."""

from collections.abc import Callable

import httpx
import pytest

from server.apps.actions.models import Action
from server.apps.users.models import User
from tests.api.work import accept, note, response_of, run
from tests.conftest import MakeUser

Find = Callable[..., list[str]]


@pytest.fixture
def find(client: httpx.Client) -> Find:
    """Finds the user's actions: what each one noted, or its type, newest first."""

    def ask(q: str, **params: str) -> list[str]:
        answer = client.get("actions", params={"q": q, **params})
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        return [item["parameters"].get("note", item["action_type"]) for item in items]

    return ask


def test_what_was_asked_for_is_found_whatever_its_case(user: User, find: Find) -> None:
    for text in ("Likes TEA", "likes cake", "Mag ÄPFEL und Čaj"):
        accept(user, note(text))

    assert find("tea") == ["Likes TEA"]
    assert find("LIKES") == ["likes cake", "Likes TEA"]
    assert find("äpfel") == find("ČAJ") == ["Mag ÄPFEL und Čaj"]
    assert find("coffee") == []


def test_labels_types_results_and_errors_are_searched(user: User, find: Find) -> None:
    accept(user, response_of(delete_user_note={"user_note_id": "nowhere"}))
    accept(user, note("one"))
    accept(user, note("one"))
    run(user)
    rejected, _, skipped = Action.objects.filter(user=user).order_by("seq")

    assert find(rejected.label.upper()) == ["delete_user_note"]
    assert find("DELETE_USER") == ["delete_user_note"]
    assert find(rejected.error_message[5:20]) == ["delete_user_note"]
    assert len(find(skipped.result_summary)) == 1
    assert find("nowhere") == ["delete_user_note"]


def test_an_action_of_a_type_that_this_version_does_not_know_is_found(user: User, find: Find) -> None:
    action = accept(user, note("one")).actions[0]
    Action.objects.filter(id=action.id).update(action_type="of_tomorrow")

    assert find("Tomorrow") == ["one"]


@pytest.mark.parametrize(
    "text", ["100%", "a_b", "back\\slash", 'say "hi"', "it's", "'; DROP TABLE actions; --", "%s {}"]
)
def test_every_character_stands_for_itself(user: User, find: Find, text: str) -> None:
    accept(user, note(f"before {text} after"))
    accept(user, note("100 aXb backXslash say hi its"))

    assert find(text) == [f"before {text} after"]


@pytest.mark.parametrize("pattern", ["%", "_", "\\", "b%e", "be_ore"])
def test_there_are_no_wildcards(user: User, find: Find, pattern: str) -> None:
    accept(user, response_of(transition_phase={"to_phase": "introduction"}))
    Action.objects.filter(user=user).update(action_type="plain", result_summary="before")

    assert find(pattern) == []


def test_lines_and_signs_beyond_ascii_are_found(user: User, find: Find) -> None:
    accept(user, note("first line\nsecond 🌱 line\tשלום"))

    for text in ("line\nsecond", "🌱", "line\tשלום"):
        assert len(find(text)) == 1, text


def test_texts_at_any_depth_are_searched_and_names_of_fields_are_not(user: User, find: Find) -> None:
    accept(user, response_of(update_who_you_are={"who_you_are": ["a cook", "a Gardener"]}))

    assert find("gardener") == ["update_who_you_are"]
    assert find('a cook", "') == []
    accept(user, note("x"))
    Action.objects.filter(user=user, action_type="add_user_note").update(
        parameters={"note": "x", "hidden_key": {"deep": [1, True, None, {"deeper": "found 42"}]}}
    )
    assert find("FOUND 42") == ["x"]
    assert find("hidden_key") == []


def test_the_filters_and_pages_work_together(client: httpx.Client, user: User, find: Find) -> None:
    for number in range(7):
        accept(user, note(f"tea {number}"))
        accept(user, note(f"cake {number}"))
    accept(user, response_of(transition_phase={"to_phase": "get_to_know_you"}))
    run(user)
    accept(user, note("tea that waits"))

    assert len(find("tea")) == 8
    assert find("tea", status="queued") == ["tea that waits"]
    assert find("tea", status="succeeded", action_type="transition_phase") == []
    assert find("tea", limit="2") == ["tea that waits", "tea 6"]
    first = client.get("actions", params={"q": "tea", "limit": 5}).json()
    assert find("tea", limit="5", cursor=first["next_cursor"]) == ["tea 2", "tea 1", "tea 0"]


def test_nothing_of_others_is_found(user: User, make_user: MakeUser, find: Find) -> None:
    accept(make_user(), note("a secret"))

    assert find("secret") == []


@pytest.mark.parametrize("q", ["", "x" * 201, "a\x00b"])
def test_a_text_that_cannot_be_looked_for_is_refused(client: httpx.Client, q: str) -> None:
    answer = client.get("actions", params={"q": q})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"] == ["query", "q"]


def test_200_characters_are_not_too_long(user: User, find: Find) -> None:
    accept(user, note("é" * 200))

    assert len(find("é" * 200)) == 1
